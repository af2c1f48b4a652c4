# syntax=docker/dockerfile:1

# One image per service: docker build --target chat -t parley-chat .
# Targets: gateway, chat, migrate, notify, bot, analytics, secrets.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
# No package may run a script: what we use is prebuilt. The npm package `node` then has no binary, and the
# image's own Node.js of the same major is used.
COPY package.json package-lock.json .npmrc ./
COPY apps/web/package.json apps/web/

FROM base AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY .swcrc tsconfig.base.json ./
COPY libs libs
COPY apps apps
# Factories and throwaway engines are for tests only.
RUN npm run build && rm -rf dist/libs/testing dist/libs/*/scripts

# The web client is already bundled, so its packages are not needed at runtime.
FROM base AS packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --workspaces=false --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE deploy/docker/health.mjs ./
COPY --from=build /app/dist/libs dist/libs
USER node
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --start-interval=2s --retries=3 CMD ["node", "health.mjs"]

FROM runtime AS gateway
ENV PORT=8080
EXPOSE 8080
COPY docs/api/openapi.json docs/api/openapi.json
COPY --from=build /app/apps/web/dist apps/web/dist
COPY --from=build /app/dist/apps/gateway dist/apps/gateway
CMD ["node", "--enable-source-maps", "dist/apps/gateway/src/main.js"]

FROM runtime AS chat
ENV PORT=6688
EXPOSE 6688
# A volume mounted here takes over the owner.
USER root
RUN install -d -o 6688 -g 6688 -m 0700 /var/lib/parley/mail
USER node
COPY --from=build /app/dist/apps/chat dist/apps/chat
CMD ["node", "--enable-source-maps", "dist/apps/chat/src/main.js"]

FROM chat AS migrate
HEALTHCHECK NONE
COPY deploy/docker/migrate.mjs ./
COPY --from=build /app/dist/apps/notify dist/apps/notify
CMD ["node", "--enable-source-maps", "migrate.mjs"]

FROM runtime AS notify
ENV PORT=6687
EXPOSE 6687
# A volume mounted here takes over the owner.
USER root
RUN install -d -o 6687 -g 6687 -m 0700 /var/lib/parley/mail
USER node
COPY --from=build /app/dist/apps/notify dist/apps/notify
CMD ["node", "--enable-source-maps", "dist/apps/notify/src/main.js"]

FROM runtime AS bot
ENV PORT=6686
EXPOSE 6686
COPY --from=build /app/dist/apps/bot dist/apps/bot
CMD ["node", "--enable-source-maps", "dist/apps/bot/src/main.js"]

FROM runtime AS analytics
ENV PORT=6690
EXPOSE 6690
COPY --from=build /app/dist/apps/analytics dist/apps/analytics
CMD ["node", "--enable-source-maps", "dist/apps/analytics/src/main.js"]

FROM ${NODE_IMAGE} AS secrets
WORKDIR /app
COPY deploy/docker/secrets.mjs ./
CMD ["node", "secrets.mjs"]

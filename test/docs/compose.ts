import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './services.js';

const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const size = z.string().regex(/^\d+[kmg]$/);
const condition = z.strictObject({
  condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
});

/** The part of the Compose specification that we use: anything else is a typo or needs a line here. */
const Service = z.strictObject({
  image: z.string().regex(/^[\w./-]+:.+$/),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  profiles: z.array(z.literal('observability')).optional(),
  command: z.array(z.string()).optional(),
  user: z.string().regex(/^\d+:\d+$/),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  init: z.literal(true),
  restart: z.enum(['unless-stopped', 'no']),
  logging: z.strictObject({ driver: z.literal('local'), options: z.record(z.string(), z.string()) }),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).optional(),
  networks: z.array(z.string()).optional(),
  network_mode: z.literal('none').optional(),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).optional(),
  shm_size: size.optional(),
  ulimits: z.strictObject({ nofile: z.strictObject({ soft: z.int(), hard: z.int() }) }).optional(),
  stop_grace_period: duration.optional(),
  depends_on: z.record(z.string(), condition).default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: duration,
      timeout: duration,
      retries: z.int(),
      start_period: duration,
      start_interval: duration,
    })
    .optional(),
  deploy: z.strictObject({
    resources: z.strictObject({
      limits: z.strictObject({ cpus: z.string().regex(/^\d+(\.\d+)?$/), memory: size, pids: z.int() }),
    }),
  }),
});
export type ComposeService = z.infer<typeof Service>;

const Compose = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.strictObject({})),
});

export const readCompose = (): z.infer<typeof Compose> => {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const document = parse(text, { merge: true }) as Record<string, unknown>;
  return Compose.parse(Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('x-'))));
};

/** Replaces `${NAME:-default}` by its default, innermost first. */
export const withDefaults = (text: string): string => {
  const replaced = text.replaceAll(/\$\{\w+:-([^${}]*)\}/g, '$1');
  return replaced === text ? text : withDefaults(replaced);
};

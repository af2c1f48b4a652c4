/** Vite's development server for the web client, in front of a running gateway (GATEWAY_URL), seen by browsers as PUBLIC_URL. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from './paths.mjs';

const server = await createServer({
  root: join(ROOT, 'apps', 'web'),
  clearScreen: false,
  server: {
    host: process.env.HOST,
    port: Number(process.env.PORT),
    strictPort: true,
    // The gateway accepts cookies from its public origin only, which is this server's here.
    proxy: { '/api': { target: process.env.GATEWAY_URL, headers: { origin: process.env.PUBLIC_URL } } },
  },
});
await server.listen();
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));

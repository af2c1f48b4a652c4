/**
 * `npm start`: installs, builds, starts everything on this machine, and stops it on Ctrl-C.
 *
 *   npm start                     http://localhost:8080
 *   PORT=9000 npm start           another port
 *   npm start -- --external       engines given by POSTGRES_URL, NATS_URL, REDIS_URL, CLICKHOUSE_URL
 *   npm start -- --no-demo        without the demo workspace
 */
import { launch } from './launch.mjs';

await launch({ args: process.argv.slice(2) });

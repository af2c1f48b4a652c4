import cluster from 'node:cluster';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import { createApplication, type HttpOptions } from './application.js';
import { returnStartupMemory } from './return-memory.js';
import { ConfigError, loadConfig } from './config.js';
import { unreachableEngines } from './engines.js';
import { Health } from './health.js';
import { createLogger, type Logger } from './logger.js';
import { startMetrics } from './metrics.js';
import type { logSettings, serverSettings, telemetrySettings } from './settings.js';
import { startTelemetry, stopTelemetry } from './telemetry.js';
import { portProblem, sharing } from './workers/shared-port.js';
import { Supervisor } from './workers/supervisor.js';
import { workerVitals } from './workers/worker.js';

const DRAIN_TIMEOUT_MS = 10_000;
const LISTEN_BACKLOG = 4096;

type BaseConfig = {
  server: z.infer<ReturnType<typeof serverSettings>>;
  log: z.infer<typeof logSettings>;
  telemetry: z.infer<typeof telemetrySettings>;
  workers?: number;
};

export type ServiceDefinition<Schema extends z.ZodObject> = {
  name: string;
  config: Schema;
  /** Name → URL of what the service can't start without. */
  engines: (config: z.infer<Schema>) => Record<string, string>;
  module: Type;
  fastify?: (config: z.infer<Schema>) => HttpOptions;
  /** Runs after the modules are wired and before the port opens. */
  prepare?: (app: NestFastifyApplication, config: z.infer<Schema>) => Promise<void>;
};

const exitWith = (lines: string[]): never => {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
};

const supervise = async (service: string, count: number, logger: Logger): Promise<void> => {
  const supervisor = new Supervisor({ service, count, drainMs: DRAIN_TIMEOUT_MS, logger });
  process.once('SIGTERM', () => supervisor.stop());
  process.once('SIGINT', () => supervisor.stop());
  logger.info({ workers: count }, 'starting workers');
  returnStartupMemory();
  process.exit(await supervisor.run());
};

/**
 * The life of a service process: configuration (all problems at once) → engines (one line each) →
 * application → port → SIGTERM → drain within 10 s. With `WORKERS` the first process only supervises, and
 * each worker lives like this.
 */
export const startService = async <Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
): Promise<void> => {
  const { name } = definition;
  let config: z.infer<Schema> & BaseConfig;
  try {
    config = loadConfig(definition.config) as z.infer<Schema> & BaseConfig;
  } catch (error) {
    if (error instanceof ConfigError) return exitWith([`${name}: ${error.message}`]);
    throw error;
  }
  const logger = createLogger(name, config.log.level);
  const missing = await unreachableEngines(definition.engines(config));
  if (missing.length > 0) return exitWith(missing.map((line) => `${name}: ${line}`));

  if (config.workers !== undefined && config.workers > 1 && cluster.isPrimary) {
    const problem = await portProblem(config.server);
    return problem ? exitWith([`${name}: ${problem}`]) : supervise(name, config.workers, logger);
  }

  await startTelemetry({ service: name, ...config.telemetry });
  startMetrics(name);
  const health = new Health();
  const app = await createApplication({
    module: definition.module,
    config,
    logger,
    health,
    ...(cluster.isWorker ? { vitals: workerVitals(health) } : {}),
    ...(definition.fastify ? { fastify: definition.fastify(config) } : {}),
  });
  await definition.prepare?.(app, config);
  // Thousands of streams reconnect at once after a restart; a full backlog makes each wait a second.
  const { port, host } = config.server;
  await app.listen({ port, host, backlog: LISTEN_BACKLOG, ...sharing(config.server) });
  logger.info({ url: await app.getUrl(), startupMs: Math.round(performance.now()) }, 'ready');
  if (cluster.isWorker) process.send?.('ready');
  returnStartupMemory();

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'draining');
    health.drain();
    const overdue = setTimeout(() => {
      logger.error('drain timed out');
      process.exit(1);
    }, DRAIN_TIMEOUT_MS);
    await app.close();
    await stopTelemetry();
    clearTimeout(overdue);
    logger.info('stopped');
    process.exit(0);
  };
  process.once('SIGTERM', (signal) => void stop(signal));
  process.once('SIGINT', (signal) => void stop(signal));
  const die = (err: unknown) => {
    logger.fatal({ err }, 'a defect; the process ends and is started again');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
};

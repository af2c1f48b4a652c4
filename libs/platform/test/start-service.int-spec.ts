import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import {
  logSettings,
  serverSettings,
  startService,
  telemetrySettings,
  type ServiceDefinition,
} from '#platform';
import { eventually, freePort } from '#testing';

const config = z.object({ server: serverSettings(1), log: logSettings, telemetry: telemetrySettings });
const closed: string[] = [];

@Module({})
class ServiceModule implements OnApplicationShutdown {
  onApplicationShutdown() {
    closed.push('module');
  }
}

/** The process is this test's own copy: signals are emitted on it, and its end is only noted. */
describe('the life of a service', () => {
  const env = { ...process.env };
  let errors: string;
  let exits: unknown[];
  beforeEach(() => {
    errors = '';
    exits = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      errors += String(chunk);
      return true;
    });
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      exits.push(code);
      throw new Error('exited');
    });
    process.env = { ...env, LOG_LEVEL: 'silent' };
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const event of ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'])
      process.removeAllListeners(event);
    process.env = env;
  });

  const definition: ServiceDefinition<typeof config> = {
    name: 'sample',
    config,
    engines: () => ({}),
    module: ServiceModule,
  };

  it('ends before it begins when the configuration has problems, and tells them all', async () => {
    process.env['PORT'] = 'x';
    process.env['OTEL_TRACES_SAMPLER_ARG'] = '2';
    await expect(startService(definition)).rejects.toThrow('exited');
    expect(exits).toEqual([1]);
    expect(errors).toMatch(/sample: The configuration has 2 problem\(s\):\n {2}- PORT: .*\n {2}- OTEL_/);
  });

  it('ends with one line for each engine that is not there', async () => {
    const port = await freePort();
    const engines = () => ({ nats: `nats://127.0.0.1:${port}`, redis: `redis://127.0.0.1:${port}` });
    await expect(startService({ ...definition, engines })).rejects.toThrow('exited');
    expect(exits).toEqual([1]);
    expect(errors.match(/^sample: .*$/gm)).toEqual([
      `sample: nats is not reachable at 127.0.0.1:${port}: ECONNREFUSED`,
      `sample: redis is not reachable at 127.0.0.1:${port}: ECONNREFUSED`,
    ]);
  });

  it('serves from its port until SIGTERM, then drains and ends well, once', async () => {
    const port = await freePort();
    process.env['PORT'] = String(port);
    const prepared: string[] = [];
    await startService({
      ...definition,
      fastify: ({ server }) => ({ maxRequestsPerSocket: server.port > 0 ? 1000 : 0 }),
      prepare: async (_app, { server }) => void prepared.push(server.host),
    });
    expect(prepared).toEqual(['127.0.0.1']);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('service="sample"');

    jest.spyOn(process, 'exit').mockImplementation(((code: number) => exits.push(code)) as never);
    process.emit('SIGTERM');
    process.emit('SIGINT');
    await eventually(() => expect(exits).toEqual([0]));
    expect(closed).toEqual(['module']);
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });

  it('ends at once after a defect nobody caught', async () => {
    process.env['PORT'] = String(await freePort());
    await startService(definition);
    jest.spyOn(process, 'exit').mockImplementation(((code: number) => exits.push(code)) as never);
    process.emit('uncaughtException', new Error('defect'));
    expect(exits).toEqual([1]);
    process.emit('SIGTERM');
    await eventually(() => expect(exits).toEqual([1, 0]));
  });
});

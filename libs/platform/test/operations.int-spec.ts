import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Patch, Post, Query } from '@nestjs/common';
import { Clock } from '#core';
import { CONFIG, LOGGER, requestIdOf } from '#platform';
import { contractRoutes, servedRoutes, unvalidatedParameters } from '#testing';
import { IdParams, Note, NotesController, startSampleApp } from './sample-app.js';

@Module({ controllers: [NotesController] })
class SampleModule {}

class BaseController {
  @Post('inherited')
  inherited(@Body('text') text: string) {
    return text;
  }
}

@Controller('/api/v1/planted')
class PlantedController extends BaseController {
  @Patch(':id')
  patch(@Param({ schema: IdParams }) _params: unknown, @Body() body: unknown, @Query('q') _q: string) {
    return body;
  }

  @Get(':id/:part')
  get(@Param('id') id: string) {
    return id;
  }

  @Post()
  create(@Body({ schema: Note }) note: unknown) {
    return note;
  }
}

@Module({ controllers: [PlantedController] })
class PlantedModule {}

describe('operations of a service', () => {
  let sample: Awaited<ReturnType<typeof startSampleApp>>;
  beforeAll(async () => {
    sample = await startSampleApp(SampleModule);
  });
  afterAll(() => sample.app.close());
  const get = (url: string, headers: Record<string, string> = {}) =>
    sample.app.inject({ method: 'GET', url, headers });

  it('are live, ready, degraded, unready and draining, and answer 503 in the last two', async () => {
    expect((await get('/health/live')).json()).toEqual({ status: 'live' });
    const readiness = async () => {
      const reply = await get('/health/ready');
      return [reply.statusCode, reply.json<{ status: string }>().status];
    };
    expect(await readiness()).toEqual([200, 'ready']);
    sample.health.add('cache', () => Promise.reject(new Error('gone')), { required: false });
    expect(await readiness()).toEqual([200, 'degraded']);
    sample.health.add('database', () => Promise.reject(new Error('gone')));
    expect(await readiness()).toEqual([503, 'unready']);
    sample.health.drain();
    expect(await readiness()).toEqual([503, 'draining']);
    expect((await get('/health/live')).statusCode).toBe(200);
  });

  it('count requests by route, not by URL', async () => {
    await get('/api/v1/notes/0192f7a0-0000-7000-8000-000000000000');
    await get('/api/v1/nowhere/5');
    const reply = await get('/metrics');
    expect(reply.headers['content-type']).toMatch(/^text\/plain/);
    expect(reply.body).toMatch(
      /parley_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/notes\/:id",status="404"[^}]*\} 1/,
    );
    expect(reply.body).not.toContain('nowhere');
    expect(reply.body).not.toContain('0192f7a0');
  });

  it('keep the request id of a caller when it is harmless, and make one otherwise', async () => {
    expect((await get('/api/v1/notes', { 'x-request-id': 'trace-1.a:b' })).headers['x-request-id']).toBe(
      'trace-1.a:b',
    );
    const made = (await get('/api/v1/notes', { 'x-request-id': 'x'.repeat(65) })).headers['x-request-id'];
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestIdOf('with space')).not.toBe('with space');
    expect(requestIdOf(['a', 'b'])).not.toBe('a');
  });

  it('are given configuration, logger and clock', () => {
    expect(sample.app.get(CONFIG)).toEqual({ name: 'sample' });
    expect(sample.app.get(LOGGER)).toBe(sample.logger);
    expect(sample.app.get(Clock).now()).toBeInstanceOf(Date);
  });
});

describe('the checks every service runs on itself', () => {
  it('find each parameter without a schema, also an inherited one', async () => {
    const planted = await startSampleApp(PlantedModule);
    expect(unvalidatedParameters(planted.app)).toEqual([
      'PlantedController.get param #0',
      'PlantedController.inherited body #0',
      'PlantedController.patch body #1',
      'PlantedController.patch query #2',
    ]);
    await planted.app.close();
  });

  it('list the routes that are really served', async () => {
    const planted = await startSampleApp(PlantedModule);
    expect(servedRoutes(planted.app)).toEqual([
      'GET /planted/:/:',
      'PATCH /planted/:',
      'POST /planted',
      'POST /planted/inherited',
    ]);
    await planted.app.close();
  });

  it('have contracts to compare with', () => {
    expect(contractRoutes('notify')).toContain('GET /workspaces/:/events');
    expect(contractRoutes('notify')).not.toContain('POST /channels/:/messages');
    expect(contractRoutes('chat')).toContain('POST /channels/:/messages');
  });
});

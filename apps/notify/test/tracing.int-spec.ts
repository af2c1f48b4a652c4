import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedStreamTicket } from '#contracts';
import { startTelemetry, stopTelemetry } from '#platform';
import { newId } from '#testing';
import { RunningNotify, World } from './running-notify.js';

const exported: { name: string; attributes: object }[] = [];
const exporter = new InMemorySpanExporter();
const keep = exporter.export.bind(exporter);
exporter.export = (spans, done) => {
  exported.push(...spans.map(({ name, attributes }) => ({ name, attributes })));
  keep(spans, done);
};

describe('a trace of a stream', () => {
  let world: World;
  let notify: RunningNotify;
  beforeAll(async () => {
    await startTelemetry({ service: 'notify', sampleRatio: 1, exporter });
    world = await World.start();
    notify = await RunningNotify.start(world);
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
    await stopTelemetry();
  });

  it('has its route and not its ticket', async () => {
    const { workspaceId, token } = await world.member(newId.workspace());
    const { body } = await notify.call(`POST /workspaces/${workspaceId}/events/tickets`, { token });
    const { ticket } = body as CreatedStreamTicket;
    const abort = new AbortController();
    const opened = await fetch(notify.path(workspaceId, `?ticket=${ticket}`), { signal: abort.signal });
    expect(opened.status).toBe(200);
    const refused = await fetch(notify.path(workspaceId, `?ticket=${ticket}`));
    expect(refused.status).toBe(401);
    await refused.body?.cancel();
    abort.abort();
    await notify.stop();
    // Exports what is left.
    await stopTelemetry();
    const told = JSON.stringify(exported);
    expect(exported.filter(({ name }) => name.endsWith('/events')).length).toBeGreaterThanOrEqual(2);
    expect(told).not.toContain(ticket);
  });
});

import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry, stopTelemetry } from '#platform';
import { AUTH, cleanUp, EVENTS, standIn, startEdge } from './edge.js';

const exported: { name: string; attributes: object }[] = [];
const exporter = new InMemorySpanExporter();
const keep = exporter.export.bind(exporter);
exporter.export = (spans, done) => {
  exported.push(...spans.map(({ name, attributes }) => ({ name, attributes })));
  keep(spans, done);
};
beforeAll(() => startTelemetry({ service: 'gateway', sampleRatio: 1, exporter }));
afterAll(stopTelemetry);
afterEach(cleanUp);

describe('a trace', () => {
  it("runs through the gateway: the caller's trace, our span", async () => {
    const chat = await standIn();
    const edge = await startEdge({ chat: [chat.url] });
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await fetch(`${edge.url}/api/v1/me`, {
      headers: { ...AUTH, traceparent: `00-${trace}-b7ad6b7169203331-01` },
    });
    const passedOn = String(chat.seen[0]?.headers['traceparent']);
    expect(passedOn).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(passedOn).not.toContain('b7ad6b7169203331');
  });

  it('names a problem document of the edge', async () => {
    const edge = await startEdge();
    const reply = await fetch(`${edge.url}/api/v1/nothing`);
    expect(await reply.json()).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown });
  });

  it('knows the operation and never the query, in which a ticket may be', async () => {
    const ticket = 'A'.repeat(43);
    const edge = await startEdge();
    await (await fetch(`${edge.url}${EVENTS}?ticket=${ticket}`)).text();
    // Exports what is left.
    await stopTelemetry();
    const told = JSON.stringify(exported);
    expect(told).toContain('GET streamEvents');
    expect(told).not.toContain(ticket);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Heartbeat, LinkEdge, openLink, takeSocket, type Opening } from '#streams';
import { anEvent, eventually, newId, openStream, StreamRefused, type EventStream } from '#testing';
import { Conversation, heardUntil, heardUntilEnd } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

/** The part of a gateway that has clients' sockets, with one link behind it. */
class Edge {
  lost: string[] = [];
  private constructor(
    private readonly server: Server,
    private readonly link: { edge: LinkEdge },
    readonly url: string,
  ) {}

  static async start(notify: RunningNotify): Promise<Edge> {
    const { hostname: host, port, host: authority } = new URL(notify.url);
    const target = { host, port: Number(port), authority };
    const { socket } = await openLink(target, { connectMs: 5000, replyMs: 5000 });
    const lost: string[] = [];
    const edge = new LinkEdge(
      socket,
      {
        maxBacklogBytes: 1024 * 1024,
        heartbeat: new Heartbeat(400),
        delivered: () => undefined,
        openingMs: 20_000,
      },
      { streamClosed: () => undefined, lost: (error) => void lost.push(error.message) },
    );
    const server = createServer((request, response) => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      const opening: Opening = {
        id: -1,
        since: 0,
        head: `${request.method} ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`,
        opened: () => takeSocket(request, response) as never,
        refused: (reply) => {
          const [head, body] = reply.toString().split('\r\n\r\n') as [string, string];
          response.writeHead(Number(head.split(' ')[1]), { 'x-head': encodeURIComponent(head) }).end(body);
        },
        lost: () => void response.writeHead(503).end(),
      };
      edge.open(opening);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: own } = server.address() as AddressInfo;
    return Object.assign(new Edge(server, { edge }, `http://127.0.0.1:${own}`), { lost });
  }

  path(workspaceId: string, query = ''): string {
    return `${this.url}/api/v1/workspaces/${workspaceId}/events${query}`;
  }

  stop(): void {
    this.link.edge.close('over');
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('streams behind a link', () => {
  let world: World;
  let notify: RunningNotify;
  let edge: Edge;
  const room = () => new Conversation(world, newId.workspace(), newId.channel());
  const member = (general: Conversation) => world.member(general.channel.workspaceId, general.channel.id);
  /** Like `listen`, but through the link. */
  const far = async (person: Pick<Person, 'workspaceId' | 'token'>, cursor?: string, query = '') => {
    const stream = await openStream(edge.path(person.workspaceId, query), person.token, cursor);
    const ready = await stream.next((frame) => frame.event === 'stream.ready');
    return Object.assign(stream, { cursor: ready.id as string });
  };
  const refusal = async (url: string, token: string) => {
    const error = await openStream(url, token).catch((refused: unknown) => refused as StreamRefused);
    if (!(error instanceof StreamRefused)) throw new Error('it was opened');
    return { status: error.status, code: (JSON.parse(error.body) as { code: string }).code };
  };
  const close = (...streams: EventStream[]) => Promise.all(streams.map((stream) => stream.close()));

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world, { STREAMS_PER_USER: '3', RING_EVENTS: '200' });
    edge = await Edge.start(notify);
  });
  afterAll(async () => {
    edge?.stop();
    await notify?.stop();
    await world?.stop();
  });

  it('hear what streams on a socket of their own hear, in the same order, and resume where they were', async () => {
    const general = room();
    const ada = await member(general);
    const [near, behind] = [await listen(notify, ada), await far(ada)];
    expect(behind.headers.get('content-type')).toBe('text/event-stream');
    const texts = Array.from({ length: 300 }, (_, index) => `m${index}`);
    await general.sayAll(texts);
    const heard = await heardUntil(near, 'm299');
    expect(await heardUntil(behind, 'm299')).toEqual(heard);
    const resumed = await far(ada, behind.cursor);
    expect(await heardUntil(resumed, 'm299')).toEqual(heard);
    await general.say('end');
    for (const stream of [near, behind, resumed]) expect(await heardUntil(stream, 'end')).toEqual(['end']);
    await close(near, behind, resumed);
  });

  it('are resumed from the stored stream, and live on without a gap', async () => {
    const general = room();
    const ada = await member(general);
    const before = await far(ada);
    await before.close();
    const texts = Array.from({ length: 500 }, (_, index) => `old${index}`);
    for (const text of texts) await general.say(text);
    const resumed = await far(ada, before.cursor);
    await general.say('new');
    expect(await heardUntil(resumed, 'new')).toEqual([...texts, 'new']);
    await resumed.close();
  });

  it('begin and stop to hear a channel at exactly the events that say so', async () => {
    const general = room();
    const { workspaceId } = general.channel;
    const other = new Conversation(world, workspaceId, newId.channel());
    const ada = await world.member(workspaceId, other.channel.id);
    const grace = await world.member(workspaceId, general.channel.id, other.channel.id);
    const [adas, graces] = [await far(ada), await far(grace)];
    // Published at once, so that they arrive within a tick.
    await Promise.all([
      general.say('before'),
      general.joined(ada.userId),
      general.say('inside'),
      general.left(ada.userId),
      general.say('after'),
      other.say('end'),
    ]);
    expect(await heardUntil(adas, 'end')).toEqual(['member.joined', 'inside', 'member.left', 'end']);
    expect(await heardUntil(graces, 'end')).toEqual([
      'before',
      'member.joined',
      'inside',
      'member.left',
      'after',
      'end',
    ]);
    await close(adas, graces);
  });

  it('end when their user leaves the workspace, after telling, and no other does', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const [ada, grace] = [await member(general), await member(general)];
    const [adas, graces] = [await far(ada), await far(grace)];
    const left = anEvent('member.left', { userId: ada.userId, reason: 'removed' }, { workspaceId });
    await Promise.all([world.publish(left, { scope: 'workspace', id: workspaceId }), general.say('after')]);
    expect((await heardUntilEnd(adas))?.heard).toEqual(['member.left']);
    expect(await heardUntil(graces, 'after')).toEqual(['member.left', 'after']);
    expect(id).toBe(general.channel.id);
    await graces.close();
  });

  it('end with their session', async () => {
    const general = room();
    const ada = await member(general);
    const stream = await far(ada);
    const revoked = { sessionId: ada.sessionId };
    await world.publish(anEvent('session.revoked', revoked, { workspaceId: null, actorId: ada.userId }), {
      scope: 'user',
      id: ada.userId,
    });
    expect((await heardUntilEnd(stream))?.comments).toEqual(['session revoked']);
    expect(await refusal(edge.path(ada.workspaceId), ada.token)).toEqual({
      status: 401,
      code: 'auth.session_revoked',
    });
  });

  it('hear only what they asked for, and how far the events have come', async () => {
    const general = room();
    const ada = await member(general);
    const stream = await far(ada, undefined, '?types=member.left');
    await general.say('unheard');
    await general.left(newId.user());
    expect((await stream.next()).event).toBe('member.left');
    await stream.close();
  });

  it('are refused as on any other way, and count as any other', async () => {
    const general = room();
    const [ada, eve] = [await member(general), await member(room())];
    const path = edge.path(ada.workspaceId);
    expect(await refusal(path, 'nonsense')).toEqual({ status: 401, code: 'auth.token_invalid' });
    expect(await refusal(path, eve.token)).toEqual({ status: 404, code: 'workspace.not_found' });
    expect(await refusal(`${path}?after=x`, ada.token)).toEqual({ status: 400, code: 'request.invalid' });
    const streams = [await far(ada), await far(ada), await listen(notify, ada)];
    expect(await refusal(path, ada.token)).toEqual({ status: 429, code: 'stream.too_many' });
    await streams[0]?.close();
    const again = await eventually(() => far(ada));
    await close(again, ...streams);
  });

  it('leave nothing behind when the link breaks', async () => {
    const general = room();
    const ada = await member(general);
    const other = await Edge.start(notify);
    const through = await Promise.all(
      [1, 2, 3].map(() => openStream(other.path(ada.workspaceId), ada.token)),
    );
    other.stop();
    for (const stream of through) await heardUntilEnd(stream);
    await eventually(async () => {
      const again = await Promise.all([far(ada), far(ada), far(ada)]);
      await close(...again);
    });
  });

  it('are not opened by an upgrade of anything else', async () => {
    const ada = await member(room());
    const reply = await fetch(`${notify.url}/link`, { headers: { authorization: `Bearer ${ada.token}` } });
    expect(reply.status).toBe(404);
  });

  it('are ended one after the other when notify goes down, and the link with them', async () => {
    const going = await RunningNotify.start(world, { STREAM_DRAIN_MS: '300' });
    const behind = await Edge.start(going);
    const ada = await member(room());
    const stream = await openStream(behind.path(ada.workspaceId), ada.token);
    await delay(50);
    const stopped = going.stop();
    expect((await heardUntilEnd(stream))?.comments).toContain('draining');
    await stopped;
    await eventually(() => expect(behind.lost).toHaveLength(1));
    behind.stop();
  });
});

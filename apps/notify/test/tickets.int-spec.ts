import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessTokenId, CreatedStreamTicket, Problem, SessionId } from '#contracts';
import { anEvent, newId, openStream, parseFrame, type StreamFrame } from '#testing';
import { Conversation, heardUntilEnd, textOf } from './conversation.js';
import { RunningNotify, World, type Person } from './running-notify.js';

describe('a ticket for an event stream', () => {
  let world: World;
  let notify: RunningNotify;
  let other: RunningNotify;
  const room = (workspaceId: string = newId.workspace()) =>
    new Conversation(world, workspaceId, newId.channel());
  const ask = (person: Pick<Person, 'workspaceId' | 'token'>, by = notify) =>
    by.call(`POST /workspaces/${person.workspaceId}/events/tickets`, { token: person.token });
  const ticketFor = async (person: Pick<Person, 'workspaceId' | 'token'>): Promise<string> =>
    ((await ask(person)).body as CreatedStreamTicket).ticket;
  const at = (workspaceId: string, query: string, by = notify) => by.path(workspaceId, `?${query}`);
  /** Opens a stream as a page of another origin does: without any credentials. */
  const use = async (workspaceId: string, ticket: string, more = '', by = notify) => {
    const abort = new AbortController();
    const reply = await fetch(at(workspaceId, `ticket=${ticket}${more}`, by), { signal: abort.signal });
    return { reply, close: () => abort.abort() };
  };
  const refusal = async (workspaceId: string, ticket: string, by = notify) => {
    const { reply } = await use(workspaceId, ticket, '', by);
    return [reply.status, ((await reply.json()) as Problem).code];
  };
  const revoke = (person: Pick<Person, 'userId' | 'sessionId'>) =>
    world.publish(
      anEvent(
        'session.revoked',
        { sessionId: person.sessionId },
        { workspaceId: null, actorId: person.userId },
      ),
      { scope: 'user', id: person.userId },
    );
  /** The frames of a reply up to one that says `last`. */
  const framesUntil = async (reply: Response, last: string): Promise<StreamFrame[]> => {
    const frames: StreamFrame[] = [];
    let text = '';
    for await (const chunk of reply.body as ReadableStream<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        frames.push(parseFrame(text.slice(0, end)));
        text = text.slice(end + 2);
      }
      if (frames.some((frame) => frame.data !== '' && textOf(frame) === last)) break;
    }
    return frames;
  };

  beforeAll(async () => {
    world = await World.start();
    [notify, other] = await Promise.all([
      RunningNotify.start(world),
      RunningNotify.start(world, { STREAM_TICKET_SECONDS: '1' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([notify?.stop(), other?.stop()]);
    await world?.stop();
  });

  it('opens a stream without cookie and header, on any process, for pages of any origin', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const ada = await world.member(workspaceId, id);
    const { status, body, headers } = await ask(ada);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const { ticket, expiresAt } = body as CreatedStreamTicket;
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 30_000)).toBeLessThan(5000);
    const { reply, close } = await use(workspaceId, ticket, '', other);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    await general.say('hello');
    const frames = await framesUntil(reply, 'hello');
    close();
    // Goes on where it was, with a new one.
    await general.say('missed');
    const again = await use(workspaceId, await ticketFor(ada), `&after=${frames.at(-1)?.id}`);
    const missed = await framesUntil(again.reply, 'missed');
    expect(missed.map(({ event }) => event)).toEqual(['stream.ready', 'message.created']);
    again.close();
  });

  it('leaves streams that a token opened to pages of our own origin', async () => {
    const ada = await world.member(newId.workspace());
    const stream = await openStream(notify.path(ada.workspaceId), ada.token);
    expect(stream.headers.get('access-control-allow-origin')).toBeNull();
    await stream.close();
  });

  it('works once, however many try at the same time', async () => {
    const ada = await world.member(newId.workspace());
    const ticket = await ticketFor(ada);
    const tries = await Promise.all(
      Array.from({ length: 10 }, (_, i) => use(ada.workspaceId, ticket, '', i % 2 ? notify : other)),
    );
    expect(tries.map(({ reply }) => reply.status).sort()).toEqual([200, ...Array<number>(9).fill(401)]);
    for (const { close } of tries) close();
    expect(await refusal(ada.workspaceId, ticket)).toEqual([401, 'stream.ticket_invalid']);
  });

  it('is for one workspace, and used up by trying another', async () => {
    const ada = await world.member(newId.workspace());
    const elsewhere = { ...ada, workspaceId: newId.workspace() };
    world.chat.member(elsewhere);
    const ticket = await ticketFor(ada);
    expect(await refusal(elsewhere.workspaceId, ticket)).toEqual([401, 'stream.ticket_invalid']);
    expect(await refusal(ada.workspaceId, ticket)).toEqual([401, 'stream.ticket_invalid']);
  });

  it('is refused when it is none, and decides alone when it is there', async () => {
    const ada = await world.member(newId.workspace());
    for (const ticket of ['', 'x', 'A'.repeat(43), `${'A'.repeat(43)}&ticket=${'B'.repeat(43)}`])
      expect(await refusal(ada.workspaceId, ticket)).toEqual([401, 'stream.ticket_invalid']);
    const reply = await fetch(at(ada.workspaceId, `ticket=${'A'.repeat(43)}`), {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    expect(reply.status).toBe(401);
    await reply.body?.cancel();
  });

  it('opens nothing but the stream', async () => {
    const ada = await world.member(newId.workspace());
    const ticket = await ticketFor(ada);
    const path = `/workspaces/${ada.workspaceId}/events/tickets?ticket=${ticket}`;
    expect(await notify.call(`POST ${path}`, {})).toMatchObject({
      status: 401,
      body: { code: 'auth.unauthenticated' },
    });
    const { reply, close } = await use(ada.workspaceId, ticket);
    expect(reply.status).toBe(200);
    close();
  });

  it('expires', async () => {
    const ada = await world.member(newId.workspace());
    const ticket = ((await ask(ada, other)).body as CreatedStreamTicket).ticket;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await refusal(ada.workspaceId, ticket, other)).toEqual([401, 'stream.ticket_invalid']);
  });

  it('dies with its session, and so does the stream it opened', async () => {
    const ada = await world.member(newId.workspace());
    const [used, unused] = [await ticketFor(ada), await ticketFor(ada)];
    const { reply } = await use(ada.workspaceId, used);
    await revoke(ada);
    const ended = Buffer.from(await reply.arrayBuffer()).toString();
    expect(ended).toContain(': session revoked');
    expect(await refusal(ada.workspaceId, unused)).toEqual([401, 'auth.session_revoked']);
  });

  it('is judged by what its bearer is now: who left the workspace is a stranger', async () => {
    const ada = await world.member(newId.workspace());
    const ticket = await ticketFor(ada);
    world.chat.channels.delete(`${ada.workspaceId} ${ada.userId}`);
    expect(await refusal(ada.workspaceId, ticket)).toEqual([404, 'workspace.not_found']);
  });

  it('is not used up by a process that has no room', async () => {
    const ada = await world.member(newId.workspace());
    const full = await RunningNotify.start(world, { STREAMS_MAX: '1' });
    const stream = await openStream(full.path(ada.workspaceId), ada.token);
    const ticket = await ticketFor(ada);
    expect(await refusal(ada.workspaceId, ticket, full)).toEqual([503, 'unavailable']);
    const { reply, close } = await use(ada.workspaceId, ticket);
    expect(reply.status).toBe(200);
    close();
    await stream.close();
    await full.stop();
  });

  it('is no more than the token it was made with', async () => {
    const ada = await world.member(newId.workspace());
    const facts = (scopes: string[], expiresAt: string | null = null) => ({
      id: newId.session() as unknown as AccessTokenId,
      userId: ada.userId,
      scopes,
      expiresAt,
    });
    const program = (...of: Parameters<typeof facts>) => {
      const made = facts(...of);
      return {
        workspaceId: ada.workspaceId,
        userId: ada.userId,
        sessionId: made.id as unknown as SessionId,
        token: world.chat.token(made),
      };
    };
    expect(await ask(program(['messages:read', 'events:write']))).toMatchObject({
      status: 403,
      body: { code: 'permission.scope_missing', scope: 'events:read' },
    });
    const soon = new Date(Date.now() + 1000).toISOString();
    const [brief, early] = [program(['events:read'], soon), program(['events:read'], soon)];
    const [used, late] = [await ticketFor(brief), await ticketFor(early)];
    const stream = await openStream(at(ada.workspaceId, `ticket=${used}`), 'none');
    expect((await heardUntilEnd(stream))?.comments).toContain('token expired');
    expect(await refusal(ada.workspaceId, late)).toEqual([401, 'auth.token_expired']);
    const lasting = program(['events:read']);
    const ticket = await ticketFor(lasting);
    await revoke(lasting);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await refusal(ada.workspaceId, ticket)).toEqual([401, 'auth.session_revoked']);
  });

  it('can be had and used by nobody while Redis is away, and the streams live on', async () => {
    const ada = await world.member(newId.workspace());
    const ticket = await ticketFor(ada);
    await world.redis.kill();
    expect(await ask(ada)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await refusal(ada.workspaceId, ticket)).toEqual([503, 'unavailable']);
    await (await openStream(notify.path(ada.workspaceId), ada.token)).close();
  });
});

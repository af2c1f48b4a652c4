import type { Socket } from 'node:net';
import { Audience } from '../audience.js';
import { Connection } from '../connection.js';
import { Fanout } from '../fanout.js';
import type { Heartbeat } from '../heartbeat.js';
import type { Shared } from '../outlet.js';
import { Line, type LineEnd, type LineTiming } from './line.js';
import { BadMessage, Kind } from './messages.js';

/** A client whose request for a stream is under way. One of the three is called, unless it is cancelled. */
export interface Opening {
  /** Of its stream, and when it was asked for: the link's. */
  id: number;
  since: number;
  /** The request as the client made it. */
  readonly head: string;
  /** Returns the client's socket, which is the stream's from now on. */
  opened(): Socket;
  /** With the HTTP reply that says so. */
  refused(reply: Buffer): void;
  lost(error: Error): void;
}

export type EdgeOptions = {
  maxBacklogBytes: number;
  heartbeat: Heartbeat;
  delivered(frames: number): void;
  /** After this long an opening is given up. */
  openingMs: number;
  timing?: LineTiming | undefined;
};

/** Who is told what becomes of a link. */
export interface EdgeOwner {
  /** An opened stream is over. */
  streamClosed(reason: string): void;
  /** The link is, and all its streams are. */
  lost(error: Error): void;
}

/** The end of a link where the clients' sockets are: an event arrives once, and is written to all who hear it. */
export class LinkEdge implements LineEnd, Shared<number> {
  readonly maxBacklogBytes: number;
  readonly heartbeat: Heartbeat;
  private readonly line: Line;
  private readonly fanout = new Fanout();
  private readonly openings = new Map<number, Opening>();
  /** Until the other end has told their end: it is the one who knows which audiences they are in. */
  private readonly connections = new Map<number, Connection<number>>();
  private readonly audiences = new Map<number, Audience>();
  private corked: Connection<number>[] = [];
  private streams = 0;
  private order = 0;
  /** Streams whose end came from the other side need not be closed there. */
  private ending = false;

  constructor(
    socket: Socket,
    private readonly options: EdgeOptions,
    private readonly owner: EdgeOwner,
  ) {
    this.maxBacklogBytes = options.maxBacklogBytes;
    this.heartbeat = options.heartbeat;
    this.line = new Line(socket, this, options.timing);
  }

  /** Asks for a stream. */
  open(opening: Opening): void {
    const id = this.streams++;
    opening.id = id;
    opening.since = performance.now();
    this.openings.set(id, opening);
    this.line.send(Kind.open, id, 0, Buffer.from(opening.head, 'latin1'));
  }

  /** The client did not wait. */
  cancel(opening: Opening): void {
    if (this.openings.get(opening.id) !== opening) return;
    this.openings.delete(opening.id);
    this.line.send(Kind.close, opening.id, 0, Buffer.from('closed'));
  }

  /** Ends all streams here, and then the link. */
  close(reason: string): void {
    this.fanout.flush();
    for (const connection of [...this.connections.values()]) connection.end(reason);
    this.line.close();
  }

  message(kind: number, subject: number, other: number, payload: Buffer): void {
    switch (kind) {
      case Kind.ping:
        return;
      case Kind.event:
        return this.event(subject, payload);
      case Kind.opened:
        return this.opened(subject);
      case Kind.refused: {
        const opening = this.openings.get(subject);
        this.openings.delete(subject);
        return opening?.refused(payload);
      }
      case Kind.write:
        return this.connections.get(subject)?.write(payload, other);
      case Kind.send:
        // What it may say of the events before it must be true.
        this.fanout.flush();
        return this.connections.get(subject)?.send(payload, other);
      case Kind.sync:
        return this.sync(subject);
      case Kind.enter:
        return this.enter(subject, other);
      case Kind.leave:
        return this.leave(subject, other);
      case Kind.end:
        return this.end(subject, other === 1, payload);
      default:
        throw new BadMessage(`kind ${kind}`);
    }
  }

  delivered(frames: number): void {
    this.options.delivered(frames);
  }

  closed(id: number, reason: string): void {
    if (!this.ending) this.line.send(Kind.close, id, 0, Buffer.from(reason));
    this.owner.streamClosed(reason);
  }

  caughtUp(): void {
    const { corked } = this;
    if (corked.length === 0) return;
    this.corked = [];
    for (const connection of corked) connection.uncork();
  }

  tick(): void {
    const oldest = performance.now() - this.options.openingMs;
    for (const opening of this.openings.values()) {
      if (opening.since > oldest) break;
      this.cancel(opening);
      opening.lost(new Error('no reply in time'));
    }
  }

  /** Clients keep what has arrived and come back with their cursors. */
  lost(error: Error): void {
    this.fanout.flush();
    this.ending = true;
    for (const connection of [...this.connections.values()]) connection.end('link lost');
    this.connections.clear();
    this.audiences.clear();
    this.owner.lost(error);
    const openings = [...this.openings.values()];
    this.openings.clear();
    for (const opening of openings) opening.lost(error);
  }

  private opened(id: number): void {
    const opening = this.openings.get(id);
    if (!opening) return;
    this.openings.delete(id);
    const connection = new Connection<number>(opening.opened(), id, this);
    connection.cork();
    this.corked.push(connection);
    this.connections.set(id, connection);
  }

  private event(audienceId: number, frame: Buffer): void {
    const audience = this.audiences.get(audienceId);
    if (audience) this.fanout.push(audience, { seq: this.order++, frame });
  }

  private enter(audienceId: number, id: number): void {
    const connection = this.connections.get(id);
    if (!connection) return;
    let audience = this.audiences.get(audienceId);
    if (!audience) this.audiences.set(audienceId, (audience = new Audience()));
    if (audience.burst.length > 0) this.fanout.flush();
    connection.enter(audience);
  }

  private leave(audienceId: number, id: number): void {
    const connection = this.connections.get(id);
    const audience = this.audiences.get(audienceId);
    if (!connection || !audience) return;
    if (audience.burst.length > 0) this.fanout.flush();
    connection.leave(audience);
    if (audience.subscribers.size === 0) this.audiences.delete(audienceId);
  }

  private sync(id: number): void {
    const connection = this.connections.get(id);
    void connection?.drained(Infinity).then(() => this.line.send(Kind.synced, id, 0));
  }

  private end(id: number, drop: boolean, words: Buffer): void {
    const connection = this.connections.get(id);
    if (!connection) {
      this.openings.delete(id);
      return;
    }
    this.connections.delete(id);
    this.ending = true;
    if (drop) connection.drop('ended');
    else connection.end('ended', words.toString());
    this.ending = false;
  }
}

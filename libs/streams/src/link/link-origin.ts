import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Audience, Relay } from '../audience.js';
import type { FarEnd, Paced } from './far-end.js';
import { FarSocket } from './far-socket.js';
import { Line, type LineEnd, type LineTiming } from './line.js';
import { BadMessage, Kind } from './messages.js';

/** What a link is to an audience: one subscriber, on behalf of all its streams that hear it. */
class Audition implements Relay {
  streams = 0;

  constructor(
    private readonly link: LinkOrigin,
    readonly id: number,
  ) {}

  pass(frame: Buffer): void {
    this.link.relay(this.id, frame, this.streams);
  }
}

/** Where the frames that a link carries are counted. */
export type OriginOptions = { relayed(frames: number): void; timing?: LineTiming | undefined };

/**
 * The end of a link where streams are fed. It grants nothing: each stream is asked for with the client's own
 * request, which `server` answers as if the client had come itself.
 */
export class LinkOrigin implements LineEnd, FarEnd {
  readonly line: Line;
  readonly remoteAddress: string | undefined;
  private readonly streams = new Map<number, FarSocket | Paced>();
  /** Ids of audiences that nobody behind the link hears any more. */
  private readonly unused: number[] = [];
  private audiences = 0;

  constructor(
    socket: Socket,
    private readonly server: Server,
    private readonly options: OriginOptions,
    private readonly onLost: (link: LinkOrigin, error: Error) => void,
  ) {
    this.remoteAddress = socket.remoteAddress;
    this.line = new Line(socket, this, options.timing);
  }

  message(kind: number, subject: number, _other: number, payload: Buffer): void {
    switch (kind) {
      case Kind.ping:
        return;
      case Kind.open:
        return this.request(subject, payload);
      case Kind.close:
        return this.close(subject, payload.toString('latin1'));
      case Kind.synced: {
        const stream = this.streams.get(subject);
        if (stream && !(stream instanceof FarSocket)) stream.synced();
        return;
      }
      default:
        throw new BadMessage(`kind ${kind}`);
    }
  }

  opened(id: number, stream: Paced): void {
    this.streams.set(id, stream);
    this.line.send(Kind.opened, id, 0);
  }

  refused(id: number, reply: Buffer): void {
    if (this.streams.delete(id)) this.line.send(Kind.refused, id, 0, reply);
  }

  forget(id: number): void {
    this.streams.delete(id);
  }

  enter(audience: Audience, id: number): void {
    audience.relays ??= new Map();
    let audition = audience.relays.get(this) as Audition | undefined;
    if (!audition) {
      audition = new Audition(this, this.unused.pop() ?? this.audiences++);
      audience.relays.set(this, audition);
    }
    audition.streams++;
    this.line.send(Kind.enter, audition.id, id);
  }

  leave(audience: Audience, id: number): void {
    const audition = audience.relays?.get(this) as Audition | undefined;
    if (!audition) return;
    this.line.send(Kind.leave, audition.id, id);
    if (--audition.streams > 0) return;
    this.unused.push(audition.id);
    audience.relays?.delete(this);
    if (audience.relays?.size === 0) audience.relays = null;
  }

  relay(audience: number, frame: Buffer, streams: number): void {
    this.options.relayed(streams);
    this.line.send(Kind.event, audience, 0, frame);
  }

  caughtUp(): void {
    // Nothing is kept until then.
  }

  tick(): void {
    // Whoever waits here is waited for by the other end.
  }

  lost(error: Error): void {
    for (const id of [...this.streams.keys()]) this.close(id, 'link lost');
    this.onLost(this, error);
  }

  private request(id: number, head: Buffer): void {
    if (this.streams.has(id)) throw new BadMessage(`stream ${id} twice`);
    const socket = new FarSocket(this, id, head);
    this.streams.set(id, socket);
    this.server.emit('connection', socket);
  }

  /** The end is told in any case, after which the other side may forget the stream. */
  private close(id: number, reason: string): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    this.streams.delete(id);
    if (stream instanceof FarSocket) stream.destroy();
    else stream.finish(reason);
    this.line.send(Kind.end, id, 1);
  }
}

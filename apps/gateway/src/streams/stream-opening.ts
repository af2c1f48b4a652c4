import type { Socket } from 'node:net';
import { takeSocket, type Opening } from '#streams';
import { replyHeaders, requestHead, type Forwarding } from '../proxy/headers.js';
import { ReplyParser, type ReplySink } from '../proxy/reply-parser.js';
import type { Visit } from '../proxy/visit.js';
import type { Upstream } from '../upstreams/upstream.js';
import type { NotifyLink } from './notify-link.js';

/** Who hears how openings end. */
export interface OpeningOwner {
  opened(opening: StreamOpening): void;
  /** The client left. */
  cancelled(opening: StreamOpening): void;
  refused(opening: StreamOpening, refusal: Refusal): void;
  failed(opening: StreamOpening, error: NodeJS.ErrnoException): void;
}

/** The reply of notify to a request for a stream that it does not give. */
export class Refusal implements ReplySink {
  status = 0;
  private headers: string[] = [];
  private readonly body: Buffer[] = [];

  /** Throws when the reply is none. */
  static of(reply: Buffer): Refusal {
    const refusal = new Refusal();
    const parser = new ReplyParser();
    parser.expect('GET');
    if (!parser.feed(reply, reply.length, refusal) && !parser.close(refusal))
      throw new Error('closed without a reply');
    return refusal;
  }

  head(status: number, headers: string[], connection: string | undefined): void {
    this.status = status;
    this.headers = replyHeaders(headers, connection, []);
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.body.push(bytes.subarray(start, end));
  }

  end(): void {
    // Told by the parser, too.
  }

  answer(visit: Visit): void {
    visit.beginReply(this.status, [...visit.extraHeaders, ...this.headers]);
    visit.response.end(Buffer.concat(this.body));
  }
}

/** A client's request for a stream, on its way to one process of notify. It must not outlive its outcome. */
export class StreamOpening implements Opening {
  id = -1;
  since = 0;
  readonly head: string;

  constructor(
    readonly visit: Visit,
    readonly forwarding: Forwarding,
    readonly upstream: Upstream,
    readonly link: NotifyLink,
    /** There was another one before it. */
    readonly again: boolean,
    private readonly owner: OpeningOwner,
  ) {
    this.head = requestHead(visit.request, upstream.address.authority, forwarding, { kind: 'none' }, false);
    visit.onAbort = () => {
      link.cancel(this);
      owner.cancelled(this);
    };
  }

  opened(): Socket {
    const { visit } = this;
    this.owner.opened(this);
    visit.onAbort = undefined;
    visit.handOver(200);
    return takeSocket(visit.request, visit.response) as Socket;
  }

  refused(reply: Buffer): void {
    this.visit.onAbort = undefined;
    try {
      this.owner.refused(this, Refusal.of(reply));
    } catch (error) {
      this.owner.failed(this, error as Error);
    }
  }

  lost(error: Error): void {
    this.visit.onAbort = undefined;
    this.owner.failed(this, error);
  }
}

/** Receives one reply. `bytes` belongs to the connection: it is valid during the call only. */
export type ReplySink = {
  /** `headers` alternates names and values, as received. */
  head(status: number, headers: string[], connection: string | undefined): void;
  data(bytes: Buffer, start: number, end: number, last: boolean): void;
  end(): void;
};

/** The upstream broke HTTP/1.1; its connection can't be trusted any more. */
export class BadReply extends Error {}

const MAX_HEAD = 64 * 1024;
const MAX_CHUNK_LINE = 256;
const HEAD_END = Buffer.from('\r\n\r\n');
const LF = 10;
/** In a header's name: a folded line, or a name that another parser reads differently. */
const BLANK = /[ \t]/;

type State =
  'head' | 'length' | 'until-close' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'done';

/**
 * Reads HTTP/1.1 replies of our own services, one at a time. It is strict where leniency lets two parsers
 * disagree: one framing only, digits only, no folded headers, nothing after the end.
 */
export class ReplyParser {
  private state: State = 'done';
  private bodyless = false;
  private left = 0;
  private line = '';
  private pending: Buffer | null = null;
  /** Whether the connection can carry another exchange, once the reply is complete. */
  keepAlive = true;
  /** `Keep-Alive: timeout=` of the last reply, in seconds. */
  keepAliveSeconds: number | undefined;

  /** Must be called before each reply. */
  expect(method: string): void {
    this.state = 'head';
    this.bodyless = method === 'HEAD';
    this.line = '';
    this.pending = null;
    this.keepAlive = true;
  }

  get started(): boolean {
    return this.state !== 'head' || this.pending !== null;
  }

  /** Takes the first `length` bytes of `bytes`; true when the reply is complete. */
  feed(bytes: Buffer, length: number, sink: ReplySink): boolean {
    let at = 0;
    let buffer = bytes;
    let end = length;
    while (this.state === 'head') {
      if (this.pending) {
        buffer = Buffer.concat([this.pending, bytes.subarray(at, length)]);
        at = 0;
        end = buffer.length;
        this.pending = null;
      }
      const headEnd = buffer.indexOf(HEAD_END, at);
      // The buffer is reused: what follows `end` is left from an earlier read.
      if (headEnd < 0 || headEnd + HEAD_END.length > end) {
        if (end - at > MAX_HEAD) throw new BadReply('head too large');
        if (end > at) this.pending = Buffer.from(buffer.subarray(at, end));
        return false;
      }
      this.head(buffer.toString('latin1', at, headEnd), sink);
      at = headEnd + HEAD_END.length;
    }
    while (at < end && !this.isDone()) at = this.body(buffer, at, end, sink);
    if (at < end) this.keepAlive = false;
    return this.isDone();
  }

  /** The upstream closed; true when that is how the reply was meant to end. */
  close(sink: ReplySink): boolean {
    if (this.state !== 'until-close') return false;
    this.state = 'done';
    sink.end();
    return true;
  }

  private isDone(): boolean {
    return this.state === 'done';
  }

  private head(text: string, sink: ReplySink): void {
    const status = Number(text.slice(9, 12));
    if (!/^HTTP\/1\.[01] [1-5]\d\d(?: |\r|$)/.test(text)) throw new BadReply('malformed status line');
    if (status === 101) throw new BadReply('upgrade was not asked for');
    const informational = status < 200;
    const headers: string[] = [];
    let connection: string | undefined;
    let transferEncoding: string | undefined;
    let contentLength: string | undefined;
    this.keepAliveSeconds = undefined;
    let lineEnd = text.indexOf('\r\n');
    while (lineEnd >= 0) {
      const start = lineEnd + 2;
      lineEnd = text.indexOf('\r\n', start);
      const colon = text.indexOf(':', start);
      const stop = lineEnd < 0 ? text.length : lineEnd;
      if (colon <= start || colon > stop || BLANK.test(text.slice(start, colon)))
        throw new BadReply('malformed header');
      const name = text.slice(start, colon);
      const value = text.slice(colon + 1, stop).trim();
      switch (name.length) {
        case 10:
          if (name.toLowerCase() === 'connection') connection = value.toLowerCase();
          else if (name.toLowerCase() === 'keep-alive') this.keepAliveSeconds = timeoutOf(value);
          break;
        case 14:
          if (name.toLowerCase() !== 'content-length') break;
          if (contentLength !== undefined) throw new BadReply('two content lengths');
          contentLength = value;
          break;
        case 17:
          if (name.toLowerCase() !== 'transfer-encoding') break;
          if (transferEncoding !== undefined) throw new BadReply('two transfer encodings');
          transferEncoding = value.toLowerCase();
          break;
        default:
      }
      headers.push(name, value);
    }
    if (informational) return;
    this.keepAlive = text[7] === '1' && connection !== 'close';
    this.frame(status, transferEncoding, contentLength);
    sink.head(status, headers, connection);
    if (this.isDone()) sink.end();
  }

  private frame(
    status: number,
    transferEncoding: string | undefined,
    contentLength: string | undefined,
  ): void {
    if (transferEncoding !== undefined && contentLength !== undefined) throw new BadReply('two framings');
    if (contentLength !== undefined && !/^\d{1,15}$/.test(contentLength))
      throw new BadReply('bad content length');
    if (transferEncoding !== undefined && transferEncoding !== 'chunked')
      throw new BadReply('unknown encoding');
    if (this.bodyless || status === 204 || status === 304) {
      this.state = 'done';
    } else if (transferEncoding) {
      this.state = 'chunk-size';
    } else if (contentLength !== undefined) {
      this.left = Number(contentLength);
      this.state = this.left === 0 ? 'done' : 'length';
    } else {
      this.keepAlive = false;
      this.state = 'until-close';
    }
  }

  /** Consumes something from `at` and returns where it stopped. */
  private body(bytes: Buffer, at: number, end: number, sink: ReplySink): number {
    switch (this.state) {
      case 'length':
      case 'chunk-data': {
        const stop = Math.min(end, at + this.left);
        this.left -= stop - at;
        const last = this.left === 0 && this.state === 'length';
        if (this.left === 0) this.state = last ? 'done' : 'chunk-end';
        sink.data(bytes, at, stop, last);
        return stop;
      }
      case 'until-close':
        sink.data(bytes, at, end, false);
        return end;
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.chunkLine(bytes, at, end, sink);
      case 'head':
      case 'done':
        return end;
    }
  }

  private chunkLine(bytes: Buffer, at: number, end: number, sink: ReplySink): number {
    const found = bytes.indexOf(LF, at);
    const stop = found < 0 || found >= end ? end : found + 1;
    this.line += bytes.toString('latin1', at, stop);
    if (this.line.length > MAX_CHUNK_LINE) throw new BadReply('chunk line too long');
    if (!this.line.endsWith('\n')) return stop;
    if (!this.line.endsWith('\r\n')) throw new BadReply('malformed chunk');
    const line = this.line.slice(0, -2);
    this.line = '';
    if (this.state === 'chunk-end') {
      if (line !== '') throw new BadReply('malformed chunk');
      this.state = 'chunk-size';
    } else if (this.state === 'trailer') {
      if (line === '') {
        this.state = 'done';
        sink.end();
      }
    } else {
      const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new BadReply('malformed chunk size');
      this.left = parseInt(size, 16);
      this.state = this.left === 0 ? 'trailer' : 'chunk-data';
    }
    return stop;
  }
}

const timeoutOf = (keepAlive: string): number | undefined => {
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(keepAlive)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
};

/** One dispatched event. `id` is the last event id in force, `''` before the first. */
export type SseFrame = { id: string; event: string; data: string };

export type SseHandlers = {
  onFrame: (frame: SseFrame) => void;
  /** Reconnection time in milliseconds. */
  onRetry?: (ms: number) => void;
};

/**
 * Event stream interpretation of WHATWG HTML §9.2.6, incremental: text may be cut anywhere, even between
 * CR and LF. Decoding (and dropping the BOM) is TextDecoder's. An unfinished frame is never dispatched.
 */
export class SseParser {
  readonly #handlers: SseHandlers;
  #line = '';
  #afterCr = false;
  #id = '';
  #event = '';
  #data: string[] = [];

  constructor(handlers: SseHandlers) {
    this.#handlers = handlers;
  }

  push(text: string): void {
    let start = this.#afterCr && text.startsWith('\n') ? 1 : 0;
    if (text.length > 0) this.#afterCr = false;
    // Only the new text is searched, so a long line in small pieces costs no more than in one.
    for (let end = start; end < text.length; end++) {
      const char = text[end];
      if (char !== '\n' && char !== '\r') continue;
      const line = this.#line + text.slice(start, end);
      this.#line = '';
      if (char === '\r') {
        if (end + 1 === text.length) this.#afterCr = true;
        else if (text[end + 1] === '\n') end++;
      }
      start = end + 1;
      this.#process(line);
    }
    this.#line += text.slice(start);
  }

  #process(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#handlers.onRetry?.(Number(value));
  }

  #dispatch(): void {
    const [data, event] = [this.#data, this.#event || 'message'];
    this.#data = [];
    this.#event = '';
    if (data.length > 0) this.#handlers.onFrame({ id: this.#id, event, data: data.join('\n') });
  }
}

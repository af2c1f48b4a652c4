/** Progress on the terminal: one line when a step begins where a person watches, one with its time when it ends. */
const watched = process.stdout.isTTY === true;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

export class Progress {
  /** @param {{ quiet?: boolean }} [options] */
  constructor({ quiet = false } = {}) {
    this.quiet = quiet;
    this.started = performance.now();
    /** Steps under way. @type {Set<string>} */
    this.open = new Set();
    this.say = this.say.bind(this);
  }

  #line(text) {
    if (this.quiet) return;
    process.stdout.write(watched ? `\r\x1b[K${text}\n` : `${text}\n`);
    this.#wait();
  }

  #wait() {
    if (watched && !this.quiet && this.open.size)
      process.stdout.write(`\r\x1b[K  … ${[...this.open].join(', ')}`);
  }

  /** @param {string} line */
  say(line) {
    this.#line(`  ${line}`);
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @param {(result: T) => string} [detail]
   * @returns {Promise<T>}
   */
  async step(name, work, detail) {
    const since = performance.now();
    this.open.add(name);
    this.#wait();
    try {
      const result = await work();
      this.open.delete(name);
      this.#line(`  ✓ ${name.padEnd(12)} ${seconds(since).padStart(7)}  ${detail?.(result) ?? ''}`.trimEnd());
      return result;
    } catch (error) {
      this.open.delete(name);
      this.#line(`  ✗ ${name.padEnd(12)} ${seconds(since).padStart(7)}`);
      throw error;
    }
  }

  total() {
    return seconds(this.started);
  }
}

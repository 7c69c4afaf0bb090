/** Who listens to the event stream. */
import { expect } from 'vitest';
import type { Api } from './support.ts';

interface Received {
  id: string;
  type: string;
  data: { type: string; payload?: Record<string, unknown> & { n?: number } } | undefined;
}

/** A client of the event stream that collects what it hears. */
export class Stream {
  readonly received: Received[] = [];
  comments = 0;
  lastId = '';
  ended = false;
  #waiting: (() => void)[] = [];
  readonly #stop = new AbortController();

  async open(url: string, token: string, headers: Record<string, string> = {}): Promise<this> {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: this.#stop.signal,
    });
    if (answer.status !== 200 || answer.body === null)
      throw new Error(`${answer.status} ${await answer.text()}`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    void this.#read(answer.body);
    return this;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    try {
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        rest += text;
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // Closed by us.
    }
    this.ended = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  #take(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
    if (block.startsWith(':')) this.comments += 1;
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data !== undefined)
      this.received.push({ id: this.lastId, type: fields.get('event') ?? '', data: JSON.parse(data) });
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Waits until the condition holds; looks again at everything that comes in. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((done) => this.#waiting.push(done));
  }

  get numbers(): (number | undefined)[] {
    return this.received.map((event) => event.data?.payload?.n);
  }

  close(): void {
    this.#stop.abort();
  }
}

/** Address of the stream. */
export const baseOf = (api: Api): string => {
  const address = api.app.server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/v1/events`;
};

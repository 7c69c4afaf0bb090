import type { Answer, CallOptions, Person } from './client.ts';

/** Tells the story: numbered steps in plain words, below each the calls that were made and the state they led to. */
export interface Teller {
  step(words: string): void;
  note(words: string): void;
  /** Makes a call and tells it. `state` puts the answer into a few words. */
  does<T>(
    who: Person,
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions & { state?: (body: T) => string },
  ): Promise<T>;
  /** Asks again and again until `right`, then tells the last call once. @throws Error after `withinS` seconds */
  waits<T, R>(
    who: Person,
    path: string,
    what: string,
    right: (body: T) => R | undefined,
    options?: { state?: (right: R) => string; withinS?: number },
  ): Promise<R>;
  seconds(): number;
}

const POLL_MS = 200;
/** Longest wait for what takes some seconds on an idle machine. */
const WITHIN_S = 240;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ids in short: the first characters are enough for a reader. */
const short = (path: string): string => path.replace(UUID, (id) => `${id.slice(0, 8)}…`);

export function createTeller(write: (line: string) => void): Teller {
  const began = performance.now();
  let steps = 0;
  const seconds = (): number => (performance.now() - began) / 1000;
  const told = (who: Person, method: string, path: string, { status, body }: Answer<unknown>): void => {
    write(
      `          ${who.username}: ${method} /api/v1${short(path)} → ${status}${body ? ` · ${body}` : ''}`,
    );
  };
  return {
    seconds,
    step(words) {
      steps += 1;
      write(`\n[${seconds().toFixed(1).padStart(6)} s] ${steps}. ${words}`);
    },
    note: (words) => write(`          ${words}`),
    async does(who, method, path, body, options = {}) {
      const { state, ...rest } = options;
      const answer = await who.call(method, path, body, rest);
      told(who, method, path, { status: answer.status, body: state?.(answer.body as never) ?? '' });
      return answer.body as never;
    },
    async waits(who, path, what, right, { state, withinS = WITHIN_S } = {}) {
      const end = performance.now() + withinS * 1000;
      for (;;) {
        const answer = await who.call('GET', path);
        const found = right(answer.body as never);
        if (found !== undefined) {
          told(who, 'GET', path, { status: answer.status, body: state?.(found) ?? '' });
          return found;
        }
        if (performance.now() > end) throw new Error(`waited ${withinS} s in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}

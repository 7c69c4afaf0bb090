/** Back-off and independence of cameras, with a clock and sessions of our own: no network. */
import { expect, onTestFinished, test } from 'vitest';
import type { MediaPacket } from '../../services/media/packet.ts';
import { retryDelayMs } from '../../services/media/rtsp/backoff.ts';
import type { Clock } from '../../services/media/rtsp/clock.ts';
import { RtspError, type RtspErrorKind } from '../../services/media/rtsp/error.ts';
import type { RtspSession, RtspSessionOptions } from '../../services/media/rtsp/session.ts';
import { type LinkState, RtspSupervisor } from '../../services/media/rtsp/supervisor.ts';
import { Events } from '../support/events.ts';

const PACKET: MediaPacket = {
  config: { codec: 'h264', width: 320, height: 180, parameterSets: new Uint8Array() },
  data: new Uint8Array(1),
  key: true,
  pts: 0,
  wallMs: 0,
};

/** Time that moves when the test says so. */
class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + ms, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get waiting(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { task } of due) task();
  }
}

/** A session that the test ends. */
class FakeSession implements RtspSession {
  readonly codec = 'h264';
  readonly stats = { packets: 1, keyframes: 1, bytes: 1, corruptPackets: 0, configChanges: 0, timeJumps: 0 };
  readonly closed: Promise<RtspError | null>;
  readonly options: RtspSessionOptions;
  readonly #ending = Promise.withResolvers<RtspError | null>();

  constructor(options: RtspSessionOptions) {
    this.options = options;
    this.closed = this.#ending.promise;
  }

  end(kind: RtspErrorKind): void {
    this.#ending.resolve(new RtspError(kind, `it ${kind}`));
  }

  async close(): Promise<void> {
    this.#ending.resolve(null);
  }
}

type Step = { camera: string } & LinkState;

/** A supervisor whose cameras behave as `answer` says: an error kind, or a session that opens. */
function supervised(answer: (url: string, attempt: number) => RtspErrorKind | 'opens') {
  const clock = new ManualClock();
  const steps = new Events<Step>();
  const sessions = new Events<FakeSession>();
  const attempts = new Map<string, number>();
  const supervisor = new RtspSupervisor({
    clock,
    random: () => 1,
    onPacket: () => {},
    onState: (camera, state) => steps.push({ camera, ...state }),
    open: async (options) => {
      const attempt = (attempts.get(options.url) ?? 0) + 1;
      attempts.set(options.url, attempt);
      const outcome = answer(options.url, attempt);
      if (outcome !== 'opens') throw new RtspError(outcome, `it is ${outcome}`);
      const session = new FakeSession(options);
      sessions.push(session);
      options.onPacket(PACKET);
      return session;
    },
  });
  onTestFinished(() => supervisor.close());
  return { clock, steps, sessions, attempts, supervisor };
}

function offline(steps: readonly Step[], camera: string): number[] {
  return steps.flatMap((step) =>
    step.camera === camera && step.state === 'offline' ? [step.retryInMs] : [],
  );
}

test('a camera that stays away is tried after 1, 2, 4 … 60 seconds', async () => {
  const { clock, steps, supervisor } = supervised(() => 'refused');
  supervisor.add({ id: 'a', url: 'rtsp://a/' });
  for (let failures = 1; failures <= 8; failures += 1) {
    await steps.until((seen) => offline(seen, 'a').length === failures);
    clock.advance(offline(steps.seen, 'a').at(-1) ?? 0);
  }
  expect(offline(steps.seen, 'a').slice(0, 8)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
  ]);
  const states = steps.seen.map(({ state }) => state);
  expect(states.slice(0, 4)).toEqual(['connecting', 'offline', 'connecting', 'offline']);
});

test('jitter takes up to half of the wait away; a refused account waits ten minutes at most', () => {
  expect(retryDelayMs(3, 'timeout', () => 0)).toBe(2000);
  expect(retryDelayMs(3, 'timeout', () => 1)).toBe(4000);
  expect(retryDelayMs(1, 'unauthorized', () => 0)).toBe(300_000);
  expect(retryDelayMs(5000, 'timeout', () => 1)).toBe(60_000);
});

test('a stable connection starts the back-off anew, an unstable one does not', async () => {
  const { clock, steps, sessions, supervisor } = supervised((_, attempt) =>
    attempt <= 3 ? 'timeout' : 'opens',
  );
  supervisor.add({ id: 'a', url: 'rtsp://a/' });
  for (let failures = 1; failures <= 3; failures += 1) {
    await steps.until((seen) => offline(seen, 'a').length === failures);
    clock.advance(60_000);
  }
  const [unstable] = await sessions.until(({ length }) => length === 1);
  clock.advance(1000);
  unstable?.end('ended');
  await steps.until((seen) => offline(seen, 'a').length === 4);
  expect(offline(steps.seen, 'a').at(-1)).toBe(8000);
  clock.advance(8000);
  const stable = (await sessions.until(({ length }) => length === 2))[1];
  clock.advance(60_000);
  stable?.end('ended');
  await steps.until((seen) => offline(seen, 'a').length === 5);
  expect(offline(steps.seen, 'a').at(-1)).toBe(1000);
  expect(steps.seen.at(-1)).toMatchObject({ cause: 'ended', message: 'it ended' });
});

test('a server that ends every session after a minute is back after a second, each time', async () => {
  const { clock, steps, sessions, supervisor } = supervised(() => 'opens');
  supervisor.add({ id: 'a', url: 'rtsp://a/' });
  for (let minute = 1; minute <= 8; minute += 1) {
    const session = (await sessions.until(({ length }) => length === minute)).at(-1);
    // The first picture comes a moment after the session began.
    clock.advance(59_500);
    session?.end('ended');
    await steps.until((seen) => offline(seen, 'a').length === minute);
    clock.advance(offline(steps.seen, 'a').at(-1) ?? 0);
  }
  expect(offline(steps.seen, 'a')).toEqual(Array.from({ length: 8 }, () => 1000));
});

test('set() touches only cameras that were added, changed or removed', async () => {
  const { sessions, steps, attempts, supervisor } = supervised(() => 'opens');
  supervisor.set([
    { id: 'a', url: 'rtsp://a/' },
    { id: 'b', url: 'rtsp://b/' },
    { id: 'c', url: 'rtsp://c/' },
  ]);
  await sessions.until(({ length }) => length === 3);
  supervisor.set([
    { id: 'a', url: 'rtsp://a/' },
    { id: 'b', url: 'rtsp://b/new' },
    { id: 'd', url: 'rtsp://d/' },
  ]);
  await sessions.until(({ length }) => length === 5);
  expect([...attempts].sort()).toEqual([
    ['rtsp://a/', 1],
    ['rtsp://b/', 1],
    ['rtsp://b/new', 1],
    ['rtsp://c/', 1],
    ['rtsp://d/', 1],
  ]);
  const sessionOf = (url: string) => sessions.seen.find(({ options }) => options.url === url);
  expect(await sessionOf('rtsp://b/')?.closed).toBeNull();
  expect(await sessionOf('rtsp://c/')?.closed).toBeNull();
  expect([...supervisor.states()].map(([id, { state }]) => [id, state])).toEqual([
    ['a', 'online'],
    ['b', 'online'],
    ['d', 'online'],
  ]);
  expect(steps.seen.filter(({ camera }) => camera === 'a')).toHaveLength(2);
  expect(supervisor.stats('a')?.packets).toBe(1);
});

test('no event of a removed camera follows, and its wait is over', async () => {
  const { clock, steps, supervisor } = supervised(() => 'timeout');
  supervisor.add({ id: 'a', url: 'rtsp://a/' });
  await steps.until((seen) => offline(seen, 'a').length === 1);
  const before = steps.seen.length;
  supervisor.remove('a');
  await supervisor.close();
  clock.advance(600_000);
  expect(clock.waiting).toBe(0);
  expect(steps.seen).toHaveLength(before);
});

test('a fault that is no RtspError keeps the camera supervised', async () => {
  const steps = new Events<Step>();
  const supervisor = new RtspSupervisor({
    onPacket: () => {},
    onState: (camera, state) => steps.push({ camera, ...state }),
    open: () => Promise.reject(new Error('rtsp://admin:secret@host failed')),
  });
  onTestFinished(() => supervisor.close());
  supervisor.add({ id: 'a', url: 'rtsp://a/' });
  await steps.until((seen) => offline(seen, 'a').length === 1);
  expect(steps.seen.at(-1)).toMatchObject({ cause: 'corrupt', message: 'the stream cannot be opened' });
});

/** How the page's live channel goes on after a break: nothing that happened meanwhile is missed unseen. The browser's EventSource is stood in for. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLive } from '../../services/web/src/api/live.ts';

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readonly url: string;
  readyState = 0;
  onopen = (): void => {};
  onerror = (): void => {};
  constructor(url: string) {
    super();
    this.url = url;
    Source.all.push(this);
  }
  answers(): void {
    this.readyState = 1;
    this.onopen();
  }
  /** The browser tries again by itself. */
  breaks(): void {
    this.readyState = 0;
    this.onerror();
  }
  /** An error answer, after which the browser does not. */
  isRefused(): void {
    this.readyState = Source.CLOSED;
    this.onerror();
  }
  tells(type: string, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent(type, { data: '{"payload":{}}', lastEventId }));
  }
  close(): void {
    this.readyState = Source.CLOSED;
  }
}

let told: string[] = [];
let close: () => void = () => {};
const last = (): Source => {
  const source = Source.all.at(-1);
  if (source === undefined) throw new Error('not opened');
  return source;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Source);
  Source.all = [];
  told = [];
  close = openLive({
    onEvent: ({ type }) => told.push(type),
    onState: (state) => told.push(state),
    onReset: () => told.push('reset'),
  });
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const reopened = async (): Promise<Source> => {
  const before = Source.all.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(Source.all.length).toBe(before + 1);
  return last();
};

test('after an error answer it goes on after the last event that came', async () => {
  last().answers();
  last().tells('finding.created', '7-41');
  last().isRefused();
  const second = await reopened();
  expect(second.url).toBe('/api/v1/events?after=7-41');
  second.isRefused();
  const third = await reopened();
  expect(third.url).toBe('/api/v1/events?after=7-41');
  third.answers();
  third.tells('reset', '9-50');
  third.isRefused();
  expect((await reopened()).url).toBe('/api/v1/events?after=9-50');
  expect(told).toEqual(['connecting', 'open', 'finding.created', 'lost', 'lost', 'open', 'reset', 'lost']);
});

test('when none had come, everything is asked for anew once it is open again', async () => {
  last().answers();
  last().isRefused();
  (await reopened()).answers();
  expect(told).toEqual(['connecting', 'open', 'lost', 'reset', 'open']);
});

test('so it is when the first try came to nothing', () => {
  last().breaks();
  last().answers();
  expect(told).toEqual(['connecting', 'lost', 'reset', 'open']);
});

test('a break after which the browser resumes by itself asks for nothing', () => {
  last().answers();
  last().breaks();
  last().answers();
  expect(told).toEqual(['connecting', 'open', 'lost', 'open']);
});

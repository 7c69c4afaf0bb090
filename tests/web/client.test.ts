/** How the page asks the API over a line that breaks: a real server that breaks off. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, ask } from '../../services/web/src/api/client.ts';

const realFetch = fetch;
const WHOLE = JSON.stringify({ id: 'a', text: 'x'.repeat(200) });
let answer: (response: ServerResponse) => void;
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));
beforeEach(() => {
  // A browser knows its own address, and calls the global object its window.
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => realFetch(url + path, init));
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  server.closeAllConnections();
});

const failure = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (value) => value,
    (error: unknown) => error,
  );

/** Answers with a head and the first half of `body`; the line goes then. */
const breakOff =
  (status: number, body: string) =>
  (response: ServerResponse): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  };

test('a whole answer is what the server said', async () => {
  answer = (response) => response.end(WHOLE);
  expect(await ask('/tasks/a')).toEqual(JSON.parse(WHOLE));
});

test.each([
  ['breaks off inside the answer', breakOff(200, WHOLE)],
  ['breaks off inside a refusal', breakOff(409, JSON.stringify({ why: 'changed', detail: 'x'.repeat(200) }))],
  [
    'ends at somebody else’s page, such as that of a hotel’s network',
    (response: ServerResponse) => response.end('<html>Welcome</html>'),
  ],
])('a line that %s is a server that was not reached', async (_what, how) => {
  answer = how;
  const said = await failure(ask('/tasks/a'));
  expect(said).toBeInstanceOf(ApiError);
  expect(said).toMatchObject({ status: 0 });
});

test('a refusal without a readable body keeps its status', async () => {
  answer = (response) => response.writeHead(413).end('<html>too large</html>');
  expect(await failure(ask('/tasks/a'))).toMatchObject({ name: 'ApiError', status: 413, problem: {} });
});

test('an answer that stands still is given up; one that comes slowly is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let headCame: () => void = () => {};
  const stall = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(WHOLE) });
    response.write(WHOLE.slice(0, 10));
  };
  let last: ServerResponse | undefined;
  answer = (response) => {
    last = response;
    stall(response);
  };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const response = await realFetch(url + path, init);
    headCame();
    return response;
  });
  const come = (): Promise<void> =>
    new Promise((done) => {
      headCame = done;
    });

  const slow = come();
  const slowly = failure(ask('/tasks/a'));
  await slow;
  await vi.advanceTimersByTimeAsync(60_000);
  last?.end(WHOLE.slice(10));
  expect(await slowly).toEqual(JSON.parse(WHOLE));

  const still = come();
  const never = failure(ask('/tasks/a'));
  await still;
  await vi.advanceTimersByTimeAsync(200_000);
  expect(await never).toMatchObject({ name: 'ApiError', status: 0 });
});

test('what the page itself gave up is no lost line', async () => {
  const leaving = new AbortController();
  answer = (response) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(WHOLE) });
    response.write(WHOLE.slice(0, 10), () => leaving.abort());
  };
  expect(await failure(ask('/tasks/a', { signal: leaving.signal }))).toMatchObject({ name: 'AbortError' });
});

/** What the page's service worker keeps when the disk is full or the line breaks in the middle of a new version: the real file, its browser stood in for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';

const FILE = join(import.meta.dirname, '../../services/web/public/worker.js');
const HERE = 'https://kitchen.example';

interface FetchEvent {
  request: { url: string; method: string; mode: string };
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

const absolute = (request: string | { url: string }): string =>
  new URL(typeof request === 'string' ? request : request.url, HERE).href;
const build = (n: number, lazy = `Field-0000000${n}.js`): Record<string, string> => ({
  '/': `<html><script src="/assets/index-0000000${n}.js"></script><link href="/assets/main-0000000${n}.css"></html>`,
  [`/assets/index-0000000${n}.js`]: `import("./${lazy}"); import("./Desk-0000000${n}.js")`,
  [`/assets/main-0000000${n}.css`]: `body { order: ${n} }`,
  [`/assets/${lazy}`]: `field ${n}`,
  [`/assets/Desk-0000000${n}.js`]: `desk ${n}`,
});

/** A browser with one worker; `files`: what the server has; `line` and `disk`: whether a path gets through, and may be written. */
function browser() {
  const world = {
    files: build(1),
    line: (_path: string): boolean => true,
    disk: (_path: string): boolean => true,
  };
  const stored = new Map<string, string>();
  const get = async (request: string | { url: string }): Promise<Response> => {
    const { pathname } = new URL(absolute(request));
    if (!world.line(pathname)) throw new TypeError('Failed to fetch');
    const body = world.files[pathname === '/index.html' || pathname === '/field' ? '/' : pathname];
    const type = pathname.startsWith('/assets/') ? 'text/javascript' : 'text/html; charset=utf-8';
    return body === undefined
      ? new Response('', { status: 404 })
      : new Response(body, { headers: { 'content-type': type } });
  };
  const cache = {
    match: async (request: string | { url: string }) => {
      const body = stored.get(absolute(request));
      return body === undefined ? undefined : new Response(body);
    },
    keys: async () => [...stored.keys()].map((url) => ({ url })),
    delete: async (request: string | { url: string }) => stored.delete(absolute(request)),
    async put(request: string | { url: string }, answer: Response) {
      const body = await answer.text();
      if (!world.disk(new URL(absolute(request)).pathname))
        throw new DOMException('full', 'QuotaExceededError');
      stored.set(absolute(request), body);
    },
    async add(request: string | { url: string }) {
      const answer = await get(request);
      if (!answer.ok) throw new TypeError('not ok');
      await cache.put(request, answer);
    },
  };
  const listeners = new Map<string, (event: never) => void>();
  const self = {
    addEventListener: (type: string, listener: (event: never) => void) => listeners.set(type, listener),
    location: { origin: HERE },
    skipWaiting: async () => undefined,
  };
  runInContext(
    readFileSync(FILE, 'utf8'),
    createContext({
      self,
      URL,
      caches: { open: async () => cache },
      fetch: get,
      importScripts: () => undefined,
      Request: class {
        url: string;
        constructor(path: string) {
          this.url = absolute(path);
        }
      },
    }),
  );
  const fire = async (type: string, init: object): Promise<Response | undefined> => {
    const works: Promise<unknown>[] = [];
    let answer: Promise<Response> | undefined;
    const event = {
      ...init,
      respondWith: (given: Promise<Response>) => {
        answer = given;
      },
      waitUntil: (work: Promise<unknown>) => works.push(work),
    };
    listeners.get(type)?.(event as never);
    try {
      return await answer;
    } finally {
      for (const work of works) await work;
    }
  };
  const ask = async (path: string): Promise<string | undefined> => {
    const mode = path.startsWith('/assets/') ? 'no-cors' : 'navigate';
    const request: FetchEvent['request'] = { url: HERE + path, method: 'GET', mode };
    return await (await fire('fetch', { request }))?.text();
  };
  return {
    world,
    ask,
    install: async () => void (await fire('install', {})),
    keep: async (...files: string[]) => void (await fire('message', { data: { keep: files } })),
    kept: () => [...stored.keys()].map((url) => new URL(url).pathname).sort(),
  };
}

const FIRST = build(1);
const lineTo =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);
const never = (): boolean => false;

test('on a full disk the server’s files are given all the same, and what was kept stays', async () => {
  const { world, ask, install, kept } = browser();
  await install();
  const before = kept();
  world.disk = never;
  expect(await ask('/assets/Field-00000001.js')).toBe('field 1');
  world.files = build(2);
  expect(await ask('/field')).toBe(world.files['/']);
  expect(kept()).toEqual(before);
  world.line = never;
  expect(await ask('/field')).toBe(FIRST['/']);
  expect(await ask('/assets/index-00000001.js')).toBe(FIRST['/assets/index-00000001.js']);
});

test('a disk that is full from the first visit on leaves the page to the server', async () => {
  const { world, ask, install, kept } = browser();
  world.disk = never;
  await install();
  expect(await ask('/field')).toBe(FIRST['/']);
  expect(kept()).toEqual([]);
});

test.each([
  ['before its first script', lineTo('/field', '/index.html')],
  [
    'before the page that was open',
    lineTo('/field', '/index.html', '/assets/index-00000002.js', '/assets/main-00000002.css'),
  ],
])('a new version on a line that breaks %s leaves the old one, whole', async (_when, line) => {
  const { world, ask, install } = browser();
  await install();
  await ask('/assets/Field-00000001.js');
  world.files = build(2);
  world.line = line;
  await ask('/field');
  // The worker itself is a new one too.
  await install();
  world.line = never;
  expect(await ask('/field')).toBe(FIRST['/']);
  for (const path of ['index', 'Field']) {
    const file = `/assets/${path}-00000001.js`;
    expect(await ask(file)).toBe(FIRST[file]);
  }
});

test('a new version that has come whole takes the old one’s place, with the page that was open', async () => {
  const { world, ask, install, kept } = browser();
  await install();
  await ask('/assets/Field-00000001.js');
  world.files = build(2);
  await ask('/field');
  expect(kept()).toEqual([
    '/assets/Field-00000002.js',
    '/assets/index-00000002.js',
    '/assets/main-00000002.css',
    '/index.html',
  ]);
  world.line = never;
  expect(await ask('/field')).toBe(build(2)['/']);
});

test('a file that both versions have stays, and another network’s page takes no place', async () => {
  const { world, ask, install, keep, kept } = browser();
  world.files = build(1, 'Field-11111111.js');
  await install();
  await keep('/assets/Field-11111111.js');
  world.files = build(2, 'Field-11111111.js');
  await ask('/field');
  expect(kept()).toContain('/assets/Field-11111111.js');
  expect(kept()).not.toContain('/assets/index-00000001.js');
  const before = kept();
  world.files = { '/': '<html>Welcome</html>' };
  expect(await ask('/field')).toBe('<html>Welcome</html>');
  expect(kept()).toEqual(before);
});

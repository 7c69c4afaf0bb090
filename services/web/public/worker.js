/*
 * The page without a line: its files (index.html and what lies below assets/, whose names carry a hash of their content) are kept;
 * answers of the API, pictures and everything else always come from the server, so that nothing old is shown as fresh.
 */
importScripts('/push-worker.js');

const SHELL = 'mingzao-shell';
const START = '/index.html';
/* Files of builds that are gone are forgotten with the first new index.html; this many stay at most. */
const MOST = 120;

self.addEventListener('install', (event) => {
  event.waitUntil(inTurn(fetchStart).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const files = event.data?.keep;
  if (Array.isArray(files)) event.waitUntil(inTurn(() => keepAll(files)));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(url.pathname)) event.respondWith(page(event));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(event));
  }
});

/* The same addresses as services/api/web.ts. */
function isPage(path) {
  return !/^\/(api|files|docs|assets|openapi\.json|healthz|readyz|metrics)(\/|$)/.test(path);
}

let last = Promise.resolve();
/* What is kept is changed by one at a time. What cannot be kept spoils nothing: a full disk is no reason to show no page. */
function inTurn(work) {
  last = last.then(work).catch(() => undefined);
  return last;
}

async function kept(request) {
  try {
    return await (await caches.open(SHELL)).match(request);
  } catch {
    return undefined;
  }
}

/* The server's page; the kept one only when nobody answers. */
async function page(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (error) {
    const before = await kept(START);
    if (before === undefined) throw error;
    return before;
  }
  if (isStart(answer)) {
    const copy = answer.clone();
    event.waitUntil(inTurn(() => keepStart(copy)));
  }
  return answer;
}

const isStart = (answer) => answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/html');

async function fetchStart() {
  const answer = await fetch(new Request(START, { cache: 'reload' }));
  if (isStart(answer)) await keepStart(answer);
}

/*
 * A new build takes the old one's place when everything is here that it needs to open as much as the old one did. A line or a disk
 * that gives out before that leaves the old one whole.
 */
async function keepStart(answer) {
  const cache = await caches.open(SHELL);
  const [before, text] = [await cache.match(START), await answer.clone().text()];
  if (before !== undefined && (await before.text()) === text) return;
  const old = await cache.keys();
  const own = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  // Another network's page in place of ours.
  if (own.length === 0) return;
  await fetchAll(cache, own);
  const needed = new Set([...own, ...(await successors(cache, own, old))]);
  await fetchAll(cache, needed);
  await cache.put(START, answer);
  for (const { url } of old) {
    const path = new URL(url).pathname;
    if (path !== START && !needed.has(path)) await cache.delete(path);
  }
}

async function fetchAll(cache, files) {
  for (const file of files) if ((await cache.match(file)) === undefined) await cache.add(file);
}

/* A file's name without the hash of its content. */
const stemOf = (path) => path.slice(path.lastIndexOf('/') + 1).replace(/-[\w-]{8}(?=\.\w+$)/, '');

/* The pages that were opened in the old build, as the new one names them in its first scripts. */
async function successors(cache, own, old) {
  const stems = new Set(old.map(({ url }) => stemOf(url)));
  const found = [];
  for (const file of own.filter((path) => path.endsWith('.js'))) {
    const script = await (await cache.match(file)).text();
    for (const [name] of script.matchAll(/[\w.-]+-[\w-]{8}\.(?:js|css)\b/g))
      if (stems.has(stemOf(name))) found.push(`/assets/${name}`);
  }
  return found;
}

async function asset(event) {
  const before = await kept(event.request);
  if (before !== undefined) return before;
  const answer = await fetch(event.request);
  if (answer.ok) {
    const copy = answer.clone();
    event.waitUntil(keepAsset(event.request, copy).catch(() => undefined));
  }
  return answer;
}

async function keepAsset(request, answer) {
  const cache = await caches.open(SHELL);
  if ((await cache.keys()).length < MOST) await cache.put(request, answer);
}

async function keepAll(files) {
  const cache = await caches.open(SHELL);
  for (const file of files.slice(0, MOST)) {
    if ((await cache.match(file)) === undefined) await cache.add(file).catch(() => undefined);
  }
}

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
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.add(new Request(START, { cache: 'reload' })))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const files = event.data?.keep;
  if (Array.isArray(files)) event.waitUntil(keepAll(files));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  }
});

/* The same addresses as services/api/web.ts. */
function isPage(path) {
  return !/^\/(api|files|docs|assets|openapi\.json|healthz|readyz|metrics)(\/|$)/.test(path);
}

/* The server's page; the kept one only when nobody answers. */
async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/html'))
      await keepStart(cache, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(START);
    if (kept === undefined) throw error;
    return kept;
  }
}

/* A new build: what belonged to the old one goes. */
async function keepStart(cache, answer) {
  const [before, text] = [await cache.match(START), await answer.clone().text()];
  if (before !== undefined && (await before.text()) === text) return;
  for (const request of await cache.keys()) await cache.delete(request);
  await cache.put(START, answer);
}

async function asset(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok && (await cache.keys()).length < MOST) await cache.put(request, answer.clone());
  return answer;
}

async function keepAll(files) {
  const cache = await caches.open(SHELL);
  for (const file of files.slice(0, MOST)) {
    if ((await cache.match(file)) === undefined) await cache.add(file).catch(() => undefined);
  }
}

/** What a page costs while somebody works with it: what goes over the wire. */
import type { Page } from 'playwright-core';

/** Requests and bytes by kind; what comes from the browser's cache is not counted. */
export interface Wire {
  requests: Map<string, number>;
  bytes: Map<string, number>;
}

/** Bytes of answers that the debugger keeps to be looked at: it must not count as the page's own. */
const DEBUGGER_BYTES = 1_000_000;

export const sum = (map: Map<string, number>): number => [...map.values()].reduce((all, one) => all + one, 0);

const kindOf = (url: string): string => {
  const { pathname, searchParams } = new URL(url);
  if (pathname.startsWith('/files/')) return searchParams.has('width') ? 'thumbnails' : 'files';
  return pathname.replace('/api/v1/', '').replaceAll(/[0-9a-f-]{36}/g, ':id');
};

export async function watchWire(page: Page): Promise<{ wire: Wire }> {
  const session = await page.context().newCDPSession(page);
  const wire: Wire = { requests: new Map(), bytes: new Map() };
  const urls = new Map<string, { kind: string; cached: boolean }>();
  const add = (map: Map<string, number>, kind: string, n: number): void => {
    map.set(kind, (map.get(kind) ?? 0) + n);
  };
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith('http')) urls.set(requestId, { kind: kindOf(request.url), cached: false });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => {
    const known = urls.get(requestId);
    if (known !== undefined) known.cached = true;
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const known = urls.get(requestId);
    if (known === undefined) return;
    if (response.fromDiskCache === true) known.cached = true;
    if (known.kind === 'files') known.kind = response.mimeType.startsWith('video') ? 'clip' : 'pictures';
  });
  session.on('Network.loadingFailed', ({ requestId }) => urls.delete(requestId));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const known = urls.get(requestId);
    urls.delete(requestId);
    if (known === undefined || known.cached) return;
    add(wire.requests, known.kind, 1);
    add(wire.bytes, known.kind, encodedDataLength);
  });
  await session.send('Network.enable', { maxTotalBufferSize: DEBUGGER_BYTES });
  return { wire };
}

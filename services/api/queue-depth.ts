import type { ApiContext } from './context.ts';

/** Milliseconds that the queue may take to answer; a page does not wait for it. */
const WITHIN_MS = 1000;

/** Looks that wait and that are being judged; null where the queue does not answer in time. */
export async function queueDepthOrNull(
  context: Pick<ApiContext, 'queueDepth'>,
): Promise<{ waiting: number; active: number } | null> {
  return await Promise.race([
    context.queueDepth().catch(() => null),
    new Promise<null>((done) => setTimeout(() => done(null), WITHIN_MS).unref()),
  ]);
}

import { ApiError, problemOf } from '../../../api/client.ts';
import { whoseHeader } from '../../../api/whose.ts';
import { noVideo, Refused } from './live-state.ts';

/** @param path below /api/v1 @throws Refused when there is no video and why; ApiError */
export async function openStream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`/api/v1${path}`, {
    credentials: 'same-origin',
    cache: 'no-store',
    headers: whoseHeader(),
    signal,
  });
  if (response.ok && response.body !== null) return response.body;
  const problem = (await problemOf(response)) as { type?: string; reason?: string };
  if (problem.type === 'urn:mingzao:problem:purpose-required') throw new Refused('purpose');
  if (problem.reason !== undefined) throw new Refused(noVideo(problem.reason));
  throw new ApiError(response.status, problem as Record<string, unknown>);
}

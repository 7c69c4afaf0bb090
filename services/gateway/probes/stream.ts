import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimedProbe } from '../../db/camera-probes.ts';
import type { StreamAnswer, StreamProbeAnswer } from '../../domain/probe.ts';
import { MediaError } from '../../media/av.ts';
import { RtspError } from '../../media/rtsp/error.ts';
import { sampleStream } from '../../media/rtsp/probe.ts';
import type { GatewayParts } from '../context.ts';
import { causeOf, causeOfTimeout } from '../rtsp/cause.ts';

/** What is asked of a stream: addresses of an RTSP camera, or nothing but to wait for what a box sends. */
export interface StreamQuestion {
  main: string | null;
  sub: string | null;
}

export interface StreamResult {
  answer: StreamProbeAnswer;
  picture: { bytes: Buffer; at: Date } | null;
}

/** Milliseconds for the picture of a camera behind a box: boxes send one every few seconds to a minute. */
const BOX_WITHIN_MS = 25_000;
/** A box's picture that came this long before the test still counts. */
const BOX_FRESH_MS = 60_000;
const ASK_AGAIN_MS = 500;

/** Tests the streams of a camera one after the other: many cameras allow only one or two connections. */
export async function testStreams(
  parts: GatewayParts,
  probe: ClaimedProbe,
  question: StreamQuestion,
): Promise<StreamResult> {
  if (question.main === null) return await awaitBox(parts, probe);
  const main = await testStream(parts, question.main);
  const sub = question.sub === null ? null : (await testStream(parts, question.sub)).answer;
  return { answer: { main: main.answer, sub }, picture: main.picture };
}

async function testStream(
  parts: GatewayParts,
  url: string,
): Promise<{ answer: StreamAnswer; picture: StreamResult['picture'] }> {
  const startedMs = performance.now();
  try {
    const { codec, width, height, framesPerS, jpeg, atMs } = await sampleStream(url, parts.stopping);
    const tookMs = Math.round(performance.now() - startedMs);
    const answer: StreamAnswer = { ok: true, codec, width, height, framesPerS, tookMs };
    return { answer, picture: { bytes: jpeg, at: new Date(atMs) } };
  } catch (error) {
    return { answer: { ok: false, cause: await causeOfFailure(error, url) }, picture: null };
  }
}

async function causeOfFailure(error: unknown, url: string): Promise<string> {
  if (error instanceof MediaError) return 'the stream cannot be decoded';
  if (!(error instanceof RtspError)) throw error;
  const cause = causeOf({ cause: error.kind, message: error.message });
  return error.kind === 'timeout' && cause === 'the server does not answer'
    ? await causeOfTimeout(url)
    : cause;
}

/** Waits for a picture that the camera's box sends by itself. */
async function awaitBox(parts: GatewayParts, probe: ClaimedProbe): Promise<StreamResult> {
  const since = new Date(probe.askedAt.getTime() - BOX_FRESH_MS);
  const startedMs = performance.now();
  for (;;) {
    const status = await parts.db
      .selectFrom('camera_status')
      .select(['state', 'cause', 'picture_key as key', 'picture_at as at', 'source_info as info'])
      .where('camera_id', '=', probe.cameraId)
      .executeTakeFirst();
    const tookMs = Math.round(performance.now() - startedMs);
    if (status !== undefined && status.key !== null && status.at !== null && status.at > since) {
      const bytes = await parts.store.get(status.key);
      const { width = 0, height = 0, codec = 'jpeg' } = status.info;
      const main: StreamAnswer = { ok: true, codec, width, height, framesPerS: null, tookMs };
      return { answer: { main, sub: null }, picture: { bytes, at: status.at } };
    }
    if (tookMs >= BOX_WITHIN_MS) {
      const known = status !== undefined && status.state !== 'online' ? status.cause : '';
      const main: StreamAnswer = {
        ok: false,
        cause: known === '' ? 'no picture has come from the box' : known,
      };
      return { answer: { main, sub: null }, picture: null };
    }
    await sleep(ASK_AGAIN_MS, undefined, { signal: parts.stopping });
  }
}

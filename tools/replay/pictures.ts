import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import { openSource, readPicture } from '../analyze/sources.ts';

/** Of libjpeg; cameras send about this. */
const QUALITY = 85;

/** One picture at its time. */
export interface Picture {
  jpeg: Buffer;
  /** Seconds of the source. */
  atS: number;
  durationS: number | undefined;
}

async function jpegOf({ data, width, height }: RawFrame): Promise<Buffer> {
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/**
 * The source's pictures in real time, `everyMs` apart, once or over and over. Ends when `signal` fires.
 * @throws Error in one line when the source cannot be read
 */
export async function* playPictures(
  source: string,
  everyMs: number,
  loop: boolean,
  signal: AbortSignal,
): AsyncGenerator<Picture> {
  do {
    const startedAt = performance.now();
    for await (const { atMs, frame, durationS } of framesOf(source, everyMs)) {
      const waitMs = startedAt + atMs - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      yield { jpeg: await jpegOf(frame), atS: atMs / 1000, durationS };
    }
    const restMs = startedAt + everyMs - performance.now();
    if (loop && restMs > 0) await sleep(restMs, undefined, { signal }).catch(() => {});
  } while (loop && !signal.aborted);
}

async function* framesOf(source: string, everyMs: number) {
  const opened = await openSource(source);
  if (opened.kind === 'pictures') {
    const durationS = (opened.files.length * everyMs) / 1000;
    for (const [i, file] of opened.files.entries()) {
      yield { ...(await readPicture(file, i * everyMs)), durationS };
    }
    return;
  }
  try {
    for await (const one of opened.frames(everyMs)) yield { ...one, durationS: opened.durationS };
  } finally {
    await opened.close();
  }
}

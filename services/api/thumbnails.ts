/**
 * Small copies of pictures, made when they are first asked for and kept in memory for a while. Not in the object store: a copy there
 * would have to be removed with its original (retention, legal holds), and browsers keep what they were given; what is asked for
 * again is mostly asked for within minutes, by the next inspector.
 */
import { PictureError } from '../media/picture-error.ts';
import { pictureStrip } from '../media/strip.ts';
import { type ThumbnailWidth, thumbnail } from '../media/thumbnail.ts';

/** Bytes kept: some 3,000 copies. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Made at once; libuv's threads also read files. */
const AT_ONCE = 2;

export interface Thumbnails {
  /**
   * @param sha256 of the original
   * @param load reads the original, when its copy is not there
   * @returns the copy; the original itself when no decoder can make sense of it: the browser shall try
   */
  get(sha256: string, width: ThumbnailWidth, load: () => Promise<Buffer>): Promise<Buffer>;
  /**
   * All of them side by side (media/strip.ts).
   * @param hash changes when one of them does
   * @throws PictureError when nothing of it is readable
   */
  strip(hash: string, load: () => Promise<Buffer[]>): Promise<Buffer>;
}

export function createThumbnails(mostBytes = MOST_BYTES): Thumbnails {
  /** Least recently used first. */
  const kept = new Map<string, Buffer>();
  const inHand = new Map<string, Promise<Buffer>>();
  const waiting: (() => void)[] = [];
  let bytes = 0;
  let working = 0;

  const keep = (key: string, copy: Buffer): void => {
    kept.set(key, copy);
    bytes += copy.length;
    for (const [old, { length }] of kept) {
      if (bytes <= mostBytes) break;
      kept.delete(old);
      bytes -= length;
    }
  };
  const turn = async (): Promise<void> => {
    if (working < AT_ONCE) working += 1;
    else await new Promise<void>((go) => waiting.push(go));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next === undefined) working -= 1;
    else next();
  };
  const makeInTurn = async (key: string, make: () => Promise<Buffer>): Promise<Buffer> => {
    await turn();
    try {
      const copy = await make();
      keep(key, copy);
      return copy;
    } finally {
      done();
    }
  };
  const once = (key: string, make: () => Promise<Buffer>): Promise<Buffer> => {
    const copy = kept.get(key);
    if (copy !== undefined) {
      kept.delete(key);
      kept.set(key, copy);
      return Promise.resolve(copy);
    }
    const making = inHand.get(key) ?? makeInTurn(key, make).finally(() => inHand.delete(key));
    inHand.set(key, making);
    return making;
  };
  return {
    get: (sha256, width, load) =>
      once(`${sha256}-${width}`, async () => {
        const original = await load();
        return await thumbnail(original, width).catch((error: unknown) => {
          if (error instanceof PictureError) return original;
          throw error;
        });
      }),
    strip: (hash, load) => once(`${hash}-strip`, async () => await pictureStrip(await load())),
  };
}

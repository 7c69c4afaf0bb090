import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodePicture, PICTURE_NAME } from '../../services/media/picture.ts';
import { openVideo } from '../../services/media/video-file.ts';
import type { SourceFrame } from './frame-feed.ts';

/** A video, GIF or stream: frames in time order, at most one every `everyMs`. */
export interface MovingSource {
  kind: 'moving';
  /** Seconds that the file says; undefined for a live stream. */
  durationS: number | undefined;
  /** Seconds of pictures that were read so far; undefined for a live stream. */
  readS(): number | undefined;
  frames(everyMs: number): AsyncIterable<SourceFrame>;
  close(): Promise<void>;
}

/** Pictures that have nothing to do with each other. */
export interface PicturesSource {
  kind: 'pictures';
  files: string[];
}

/**
 * Finds out what SOURCE is and opens it. Throws an Error with a one-line reason: missing, an empty folder, or what the
 * video reader says (no video in it, unsupported codec).
 */
export async function openSource(source: string): Promise<MovingSource | PicturesSource> {
  if (/^rtsps?:\/\//i.test(source)) return moving(source);
  const found = await stat(source).catch(() => {
    throw new Error(`no such file or folder: ${source}`);
  });
  if (found.isDirectory()) {
    const names = (await readdir(source)).filter((name) => PICTURE_NAME.test(name));
    if (names.length === 0) throw new Error(`no pictures (JPEG, PNG, WebP) in ${source}`);
    names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return { kind: 'pictures', files: names.map((name) => join(source, name)) };
  }
  if (found.size === 0) throw new Error(`empty file: ${source}`);
  if (PICTURE_NAME.test(source)) return { kind: 'pictures', files: [source] };
  return moving(source);
}

async function moving(source: string): Promise<MovingSource> {
  const video = await openVideo(source);
  return {
    kind: 'moving',
    durationS: video.durationS,
    readS: () => video.readS,
    frames: (everyMs) => video.frames({ everyMs }),
    close: () => video.close(),
  };
}

/** Decodes one picture; the error says which file it was. */
export async function readPicture(file: string, atMs: number): Promise<SourceFrame> {
  try {
    return { atMs, frame: await decodePicture(await readFile(file)) };
  } catch (error) {
    throw new Error(`${basename(file)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Box } from '../../services/domain/words.ts';
import type { JudgedFrame } from './frames.ts';
import { type Label, labelsOf } from './labels.ts';

/** A crop shows its box with half as much again on each side. */
const CROP_SCALE = 2;
const CROP_QUALITY = 92;

/** Pixels of a file: [x1, y1, x2, y2]. */
type Pixels = readonly [number, number, number, number];

interface Row {
  file: string;
  pixels: Pixels;
  label: Label;
}

export interface DatasetWriter {
  /** Whether this frame holds a box that its finding rests on; others are of no use. */
  wants(frame: JudgedFrame): boolean;
  /** @param bytes the JPEG; checked to be what the evidence says */
  add(frame: JudgedFrame, bytes: Uint8Array): Promise<void>;
  /** Writes labels.csv and manifest.jsonl. @returns what there is now */
  finish(): Promise<{ frames: number; crops: number; labels: Partial<Record<Label, number>> }>;
}

/** @throws Error when the folder holds something already */
export async function createWriter(out: string): Promise<DatasetWriter> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new Error(`${out} is not empty`);
  await Promise.all([mkdir(join(out, 'frames')), mkdir(join(out, 'crops'))]);
  const rows = { frames: new Map<string, Row>(), crops: new Map<string, Row>() };
  const written = new Set<string>();
  const manifest: string[] = [];

  /** The same box with two different labels tells nothing. */
  const label = (of: Map<string, Row>, key: string, row: Row): void => {
    const known = of.get(key);
    of.set(key, known !== undefined && known.label !== row.label ? { ...row, label: 'unsure' } : row);
  };
  const once = async (file: string, bytes: () => Promise<Uint8Array> | Uint8Array): Promise<void> => {
    if (written.has(file)) return;
    written.add(file);
    await writeFile(join(out, file), await bytes());
  };

  return {
    wants: (frame) => labelsOf(frame, frame.detections).length > 0,
    async add(frame, bytes) {
      const name = frame.sha256.slice(0, 24);
      const crops: string[] = [];
      await once(`frames/${name}.jpg`, () => bytes);
      for (const { box, label: said } of labelsOf(frame, frame.detections)) {
        const pixels = toPixels(box, frame.width, frame.height);
        const cut = cropAround(pixels, frame.width, frame.height);
        if (cut.width < 2 || cut.height < 2) continue;
        const file = `${name}-${pixels.join('-')}.jpg`;
        await once(`crops/${file}`, () =>
          sharp(bytes).extract(cut).jpeg({ quality: CROP_QUALITY }).toBuffer(),
        );
        crops.push(file);
        const key = `${file}|${frame.kind}`;
        label(rows.frames, key, { file: `${name}.jpg`, pixels, label: said });
        const [x1, y1, x2, y2] = pixels;
        const inside = [x1 - cut.left, y1 - cut.top, x2 - cut.left, y2 - cut.top] as const;
        label(rows.crops, key, { file, pixels: inside, label: said });
      }
      const { findingId, kind, state: verdict, reason, models, sha256 } = frame;
      manifest.push(
        JSON.stringify({ file: `${name}.jpg`, crops, sha256, findingId, kind, verdict, reason, models }),
      );
    },
    async finish() {
      for (const part of ['frames', 'crops'] as const) {
        const lines = [...rows[part].values()]
          .map(({ file, pixels, label: said }) => [file, ...pixels, said].join())
          .sort();
        await writeFile(
          join(out, part, 'labels.csv'),
          `${['file,x1,y1,x2,y2,label', ...lines].join('\n')}\n`,
        );
      }
      await writeFile(join(out, 'manifest.jsonl'), manifest.map((line) => `${line}\n`).join(''));
      const labels: Partial<Record<Label, number>> = {};
      for (const row of rows.crops.values()) labels[row.label] = (labels[row.label] ?? 0) + 1;
      const frames = [...written].filter((file) => file.startsWith('frames/')).length;
      return { frames, crops: written.size - frames, labels };
    },
  };
}

function toPixels([x1, y1, x2, y2]: Box, width: number, height: number): Pixels {
  const at = (share: number, size: number): number => Math.min(size, Math.max(0, Math.round(share * size)));
  return [at(x1, width), at(y1, height), at(x2, width), at(y2, height)];
}

function cropAround([x1, y1, x2, y2]: Pixels, width: number, height: number) {
  const [dx, dy] = [((x2 - x1) * (CROP_SCALE - 1)) / 2, ((y2 - y1) * (CROP_SCALE - 1)) / 2];
  const left = Math.max(0, Math.floor(x1 - dx));
  const top = Math.max(0, Math.floor(y1 - dy));
  const right = Math.min(width, Math.ceil(x2 + dx));
  const bottom = Math.min(height, Math.ceil(y2 + dy));
  return { left, top, width: right - left, height: bottom - top };
}

/** Puts a look with real JPEG frames into spool and table, as a gateway does. */
import sharp from 'sharp';
import type { Database } from '../../services/db/database.ts';
import { acceptLook } from '../../services/db/looks.ts';
import type { StoredFrame } from '../../services/db/schema-watch.ts';
import { lookId } from '../../services/domain/merge.ts';
import { sha256, spoolFrameKey } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';

/** A small picture of one colour; another `shade` (0..255), other bytes. */
export async function plainJpeg(shade: number, width = 320, height = 192): Promise<Buffer> {
  return await sharp({ create: { width, height, channels: 3, background: { r: shade, g: shade, b: 90 } } })
    .jpeg()
    .toBuffer();
}

export async function spoolLook(
  db: Database,
  store: ObjectStore,
  cameraId: string,
  at: Date,
  options: { frames?: number; stepMs?: number; source?: 'mqtt' | 'rtsp'; now?: Date; jpegs?: Buffer[] } = {},
): Promise<string> {
  const { stepMs = 1500, source = 'mqtt', now = at } = options;
  const jpegs =
    options.jpegs ??
    (await Promise.all(Array.from({ length: options.frames ?? 5 }, (_, i) => plainJpeg(20 + i))));
  const hashes = jpegs.map(sha256);
  const id = lookId(cameraId, at, 0, hashes[0] ?? '');
  const frames: StoredFrame[] = [];
  for (const [i, jpeg] of jpegs.entries()) {
    const hash = hashes[i] ?? '';
    const key = spoolFrameKey(id, hash);
    await store.put(key, jpeg);
    frames.push({
      key,
      sha256: hash,
      bytes: jpeg.length,
      at: new Date(at.getTime() + i * stepMs).toISOString(),
      width: 320,
      height: 192,
    });
  }
  await acceptLook(db, { id, cameraId, source, capturedAt: at, frames, gathering: false }, now);
  return id;
}

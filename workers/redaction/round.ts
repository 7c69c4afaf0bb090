import { createHash, randomUUID } from 'node:crypto';
import type { Database } from '../../services/db/database.ts';
import {
  claimWanted,
  forgetUnwanted,
  settleWanted,
  type WantedPicture,
} from '../../services/db/public-pictures.ts';
import { OLDEST_MS } from '../../services/domain/public-view.ts';
import { ObjectMissing, type ObjectStore } from '../../services/evidence/object-store.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { PictureError } from '../../services/media/picture-error.ts';
import { looksElsewhere } from './looks-elsewhere.ts';
import { type Redactor, redactPicture } from './redact-picture.ts';

export interface RedactionContext {
  db: Database;
  store: ObjectStore;
  redactor: Redactor;
  now: () => Date;
}

const BATCH = 8;
/** Longer than a batch may take. */
const LEASE_S = 120;

export type Made = 'made' | 'not_redacted' | 'unreadable' | 'no_picture' | 'moved' | 'unchanged';

/** Makes what is wanted now. @returns what became of each camera */
export async function redactWanted(context: RedactionContext): Promise<Made[]> {
  const made: Made[] = [];
  for (;;) {
    const batch = await claimWanted(context.db, context.now(), { count: BATCH, leaseS: LEASE_S });
    for (const wanted of batch) made.push(await makeOne(context, wanted));
    if (batch.length < BATCH) break;
  }
  for (const key of await forgetUnwanted(context.db, context.now())) await context.store.remove(key);
  return made;
}

async function makeOne(context: RedactionContext, wanted: WantedPicture): Promise<Made> {
  const { db, store, redactor, now } = context;
  const { key, takenAt } = wanted;
  const settle = async (result: Parameters<typeof settleWanted>[2]): Promise<void> => {
    for (const gone of await settleWanted(db, wanted, result, now())) await store.remove(gone);
  };
  if (key === null || takenAt === null || now().getTime() - takenAt.getTime() > OLDEST_MS) {
    await settle({ withheld: 'no_picture', seenAt: wanted.seenAt });
    return 'no_picture';
  }
  if (wanted.seenAt !== null && takenAt <= wanted.seenAt) {
    await settle({ withheld: wanted.withheld, seenAt: wanted.seenAt });
    return 'unchanged';
  }
  let jpeg: Buffer | undefined;
  try {
    const bytes = await store.get(key);
    // Before the ticket, which waits a quarter of an hour to be sure: what may not be hidden is not shown.
    if (await looksElsewhere(db, wanted.cameraId, bytes)) {
      await settle({ withheld: 'moved', seenAt: takenAt });
      return 'moved';
    }
    jpeg = await redactPicture(await decodeJpeg(bytes), wanted.masks, redactor);
  } catch (error) {
    if (!(error instanceof PictureError || error instanceof ObjectMissing)) throw error;
    await settle({ withheld: 'unreadable', seenAt: takenAt });
    return 'unreadable';
  }
  if (jpeg === undefined) {
    await settle({ withheld: 'not_redacted', seenAt: takenAt });
    return 'not_redacted';
  }
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  const picture = {
    key: `public/${wanted.cameraId}/${randomUUID()}.jpg`,
    sha256,
    bytes: jpeg.length,
    takenAt: takenAt.toISOString(),
  };
  await store.put(picture.key, jpeg, { contentType: 'image/jpeg' });
  await settle({ picture, withheld: null, seenAt: takenAt });
  return 'made';
}

import { sql } from 'kysely';
import type { SearchAnswer, StreamProbeAnswer } from '../domain/probe.ts';
import { FIXED_RETENTION } from '../domain/retention.ts';
import { recordChange } from './audit.ts';
import type { Database } from './database.ts';
import type { PlaceOfThing } from './place-of.ts';

/** Probes are forgotten after this: their pictures show kitchens. */
const KEPT_MS = FIXED_RETENTION.probe * 3_600_000;

export interface NewProbe {
  kind: 'stream' | 'search';
  merchantId: string;
  cameraId: string | null;
  /** Sealed JSON: the gateway opens it. */
  question: Buffer;
  place: PlaceOfThing;
  /** For the audit: what is asked, without user and password. */
  note: string;
}

/** Asks the gateways. What a test shows is a live picture: who asked for it stays in the audit. @returns its id */
export async function askProbe(
  db: Database,
  probe: NewProbe,
  asker: { actorId: string; at: Date },
): Promise<string> {
  return await db.transaction().execute(async (tx) => {
    const { id } = await tx
      .insertInto('camera_probe')
      .values({
        kind: probe.kind,
        merchant_id: probe.merchantId,
        camera_id: probe.cameraId,
        asked_by: asker.actorId,
        asked_at: asker.at,
        question_sealed: probe.question,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const about =
      probe.cameraId === null
        ? { entity: 'camera_probe', entityId: id }
        : { entity: 'camera', entityId: probe.cameraId };
    const to = probe.kind === 'stream' ? 'tested' : 'searched';
    await recordChange(tx, { ...about, to, ...asker, note: probe.note, place: probe.place });
    return id;
  });
}

export interface ClaimedProbe {
  id: string;
  kind: 'stream' | 'search';
  cameraId: string | null;
  question: Buffer;
  askedAt: Date;
}

/** Takes the oldest probe that waits, or whose gateway died over it, until `until`. */
export async function claimProbe(db: Database, now: Date, until: Date): Promise<ClaimedProbe | undefined> {
  const { rows } = await sql<ClaimedProbe>`
    update camera_probe set state = 'running', claimed_until = ${until}
    where id = (
      select id from camera_probe
      where question_sealed is not null and (state = 'waiting' or (state = 'running' and claimed_until < ${now}))
      order by asked_at limit 1 for update skip locked
    )
    returning id, kind, camera_id as "cameraId", question_sealed as question, asked_at as "askedAt"
  `.execute(db);
  return rows[0];
}

/** The first answer counts. Users and passwords that were asked with are forgotten with it. */
export async function answerProbe(
  db: Database,
  id: string,
  result: { answer: StreamProbeAnswer | SearchAnswer; picture: { bytes: Buffer; at: Date } | null },
  now: Date,
): Promise<void> {
  await db
    .updateTable('camera_probe')
    .set({
      state: 'done',
      answered_at: now,
      answer: JSON.stringify(result.answer),
      picture: result.picture?.bytes ?? null,
      picture_at: result.picture?.at ?? null,
      question_sealed: null,
      claimed_until: null,
    })
    .where('id', '=', id)
    .where('state', '<>', 'done')
    .execute();
}

export async function forgetProbes(db: Database, now: Date): Promise<void> {
  await db
    .deleteFrom('camera_probe')
    .where('asked_at', '<', new Date(now.getTime() - KEPT_MS))
    .execute();
}

/** A fresh picture that a test of this camera brought. */
export async function pictureOfProbe(
  db: Database,
  id: string,
  cameraId: string,
): Promise<{ bytes: Buffer; at: Date; testAskedAt: Date } | undefined> {
  const row = await db
    .selectFrom('camera_probe')
    .select(['picture as bytes', 'picture_at as at', 'asked_at as testAskedAt'])
    .where('id', '=', id)
    .where('camera_id', '=', cameraId)
    .executeTakeFirst();
  return row === undefined || row.bytes === null || row.at === null
    ? undefined
    : { bytes: row.bytes, at: row.at, testAskedAt: row.testAskedAt };
}

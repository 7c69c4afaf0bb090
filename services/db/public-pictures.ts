/** Redacted pictures: asked for by readers, made by workers/redaction, shown when they are old enough. */
import { sql } from 'kysely';
import { DELAY_MS, EVERY_MS, WANTED_MS, type Withheld } from '../domain/public-view.ts';
import type { Area } from '../domain/words.ts';
import type { Database } from './database.ts';
import { masksName, masksOf, stillMasked } from './public-masks.ts';
import { isOfThisView, isTurned } from './public-turned.ts';
import type { RedactedPicture } from './schema-public.ts';

/** Somebody looks at these cameras: pictures are made for a while. Cameras that are not open to the public are left out. */
export async function wantPictures(db: Database, cameraIds: readonly string[], now: Date): Promise<void> {
  if (cameraIds.length === 0) return;
  const until = new Date(now.getTime() + WANTED_MS);
  await sql`
    insert into public_picture (camera_id, wanted_until)
    select camera_id, ${until} from public_camera where camera_id = any (${cameraIds}::uuid[]) order by camera_id
    on conflict (camera_id) do update set wanted_until = excluded.wanted_until
    where public_picture.wanted_until < ${new Date(until.getTime() - WANTED_MS / 2)}
  `.execute(db);
}

/** A camera whose picture shall be made anew. */
export interface WantedPicture {
  cameraId: string;
  /** Of the public view, and those drawn on the camera. */
  masks: Area[];
  /** Names these masks; a picture goes by it as long as they stay (public-masks.ts). */
  masksName: string;
  /** The camera's last picture of this view as received, and when it was taken. */
  key: string | null;
  takenAt: Date | null;
  shown: RedactedPicture | null;
  next: RedactedPicture | null;
  /** Of what was kept until now, also of what was made under other masks and is shown no more. */
  keys: string[];
  seenAt: Date | null;
  withheld: Withheld | null;
}

const NAMES = { publicCamera: 'public_camera', camera: 'camera' };

/** Claims cameras that somebody looks at, whose kitchen is open to the public, and whose turn it is. */
export async function claimWanted(
  db: Database,
  now: Date,
  limits: { count: number; leaseS: number },
): Promise<WantedPicture[]> {
  const { rows } = await sql<WantedPicture>`
    with due as (
      select p.camera_id from public_picture p
      where p.wanted_until > ${now} and (p.claimed_until is null or p.claimed_until < ${now})
        and (p.made_at is null or p.made_at <= ${new Date(now.getTime() - EVERY_MS)})
      order by p.made_at nulls first limit ${limits.count} for update skip locked
    ), claimed as (
      update public_picture p set claimed_until = ${new Date(now.getTime() + limits.leaseS * 1000)}
      from due where p.camera_id = due.camera_id returning p.*
    )
    select claimed.camera_id as "cameraId", ${masksOf(NAMES)} as masks, ${masksName(NAMES)} as "masksName", 
           case when ${isOfThisView('camera', sql.ref('status.picture_at'))} then status.picture_key end as key, status.picture_at as "takenAt",
           ${stillMasked('claimed.shown', NAMES)} as shown, ${stillMasked('claimed.next', NAMES)} as next,
           array_remove(array[claimed.shown ->> 'key', claimed.next ->> 'key'], null) as keys, claimed.seen_at as "seenAt", claimed.withheld
    from claimed
    join public_camera on public_camera.camera_id = claimed.camera_id
    join camera on camera.id = claimed.camera_id and camera.enabled and camera.removed_at is null
      and not camera.awaits_approval and not ${isTurned('camera')}
    join public_kitchen on public_kitchen.merchant_id = camera.merchant_id
    left join camera_status status on status.camera_id = claimed.camera_id
  `.execute(db);
  return rows;
}

/** What a round made. `picture` undefined: none could be made, `withheld` says why. @returns keys that are shown no more */
export async function settleWanted(
  db: Database,
  wanted: WantedPicture,
  result: {
    picture?: Omit<RedactedPicture, 'showFrom' | 'masks'>;
    withheld: Withheld | null;
    seenAt: Date | null;
  },
  now: Date,
): Promise<string[]> {
  const { picture, withheld, seenAt } = result;
  const ripe = wanted.next !== null && new Date(wanted.next.showFrom) <= now;
  const shown = ripe ? wanted.next : wanted.shown;
  const made: RedactedPicture | undefined = picture && {
    ...picture,
    showFrom: new Date(new Date(picture.takenAt).getTime() + DELAY_MS).toISOString(),
    masks: wanted.masksName,
  };
  // One that waits is not pushed back by each newer one: it would never be shown.
  const next = made !== undefined && (ripe || wanted.next === null) ? made : ripe ? null : wanted.next;
  await db
    .updateTable('public_picture')
    .set({
      shown: shown === null ? null : JSON.stringify(shown),
      next: next === null ? null : JSON.stringify(next),
      withheld,
      seen_at: seenAt,
      made_at: now,
      claimed_until: null,
    })
    .where('camera_id', '=', wanted.cameraId)
    .execute();
  const kept = new Set([shown?.key, next?.key]);
  return [...wanted.keys, ...(made === undefined ? [] : [made.key])].filter((key) => !kept.has(key));
}

/** The kitchen is closed to the public, the camera is turned, or nobody looks: pictures are forgotten. @returns their keys */
export async function forgetUnwanted(db: Database, now: Date): Promise<string[]> {
  const { rows } = await sql<{ shown: RedactedPicture | null; next: RedactedPicture | null }>`
    delete from public_picture p
    where p.wanted_until < ${new Date(now.getTime() - WANTED_MS)} or not exists (
      select from public_camera pc join camera c on c.id = pc.camera_id and c.enabled and c.removed_at is null
        and not c.awaits_approval and not ${isTurned('c')}
      join public_kitchen k on k.merchant_id = c.merchant_id where pc.camera_id = p.camera_id)
    returning p.shown, p.next
  `.execute(db);
  return rows.flatMap(({ shown, next }) => [shown, next].flatMap((one) => (one === null ? [] : [one.key])));
}

/** Those of the keys that some camera shows, or will. */
export async function publicKeysInUse(db: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    select key from public_picture, lateral (values (shown ->> 'key'), (next ->> 'key')) as used (key)
    where key = any (${[...keys]}::text[])
  `.execute(db);
  return new Set(rows.map(({ key }) => key));
}

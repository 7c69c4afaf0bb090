import { sql } from 'kysely';
import type { OpeningHours } from '../domain/hours.ts';
import type { Withheld } from '../domain/public-view.ts';
import type { CameraState, ZoneKind } from '../domain/words.ts';
import type { Database } from './database.ts';
import { stillMasked } from './public-masks.ts';
import { isTurned } from './public-turned.ts';
import type { RedactedPicture } from './schema-public.ts';

export interface OpenCamera {
  id: string;
  zoneKind: ZoneKind;
  state: CameraState;
  stateSince: string | null;
  shown: RedactedPicture | null;
  next: RedactedPicture | null;
  withheld: Withheld | null;
}

/** A kitchen that is open to the public, with what may be said of it. */
export interface OpenKitchen {
  merchantId: string;
  code: string;
  name: string;
  type: string;
  region: string;
  licenceNo: string | null;
  because: 'chosen' | 'required';
  openingHours: OpeningHours | null;
  timeZone: string;
  cameras: OpenCamera[];
  listings: { id: string; list: 'red' | 'black'; text: string; publishedAt: string }[];
}

const SHOWN = { publicCamera: 'shown', camera: 'camera' };
const NAMES = { publicCamera: 'pc', camera: 'c' };

/** Open kitchens by code. `region`: a code, with everything below it. `after`: the code that the last page ended with. */
export async function loadOpenKitchens(
  db: Database,
  ask: { code?: string; region?: string; search?: string; after?: string; limit: number },
): Promise<OpenKitchen[]> {
  const { code, region, search, after, limit } = ask;
  const like = search === undefined ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<OpenKitchen>`
    select merchant.id as "merchantId", merchant.code, merchant.name, merchant.type, region.name as region,
      merchant.licence_no as "licenceNo", kitchen.because, merchant.opening_hours as "openingHours",
      region.time_zone as "timeZone",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', camera.id, 'zoneKind', zone.kind, 'state', coalesce(status.state, 'unknown'),
          'stateSince', status.state_since, 'shown', ${stillMasked('picture.shown', SHOWN)}, 'next', ${stillMasked('picture.next', SHOWN)}, 'withheld', case when ${isTurned('camera')} then 'moved' else picture.withheld end)
          order by zone.kind, camera.id)
        from public_camera shown
        join camera on camera.id = shown.camera_id and camera.enabled and camera.removed_at is null
          and not camera.awaits_approval
        join zone on zone.id = camera.zone_id
        left join camera_status status on status.camera_id = camera.id
        left join public_picture picture on picture.camera_id = camera.id
        where camera.merchant_id = merchant.id), '[]') as cameras,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', id, 'list', list, 'text', text, 'publishedAt', published_at)
          order by published_at desc)
        from public_listing where merchant_id = merchant.id and withdrawn_at is null), '[]') as listings
    from public_kitchen kitchen
    join merchant on merchant.id = kitchen.merchant_id
    join region on region.id = merchant.region_id
    where (${code ?? null}::text is null or merchant.code = ${code ?? null})
      and (${like}::text is null or merchant.name like ${like})
      and (${after ?? null}::text is null or merchant.code > ${after ?? null})
      and (${region ?? null}::text is null or exists (
        select from region as asked where asked.code = ${region ?? null}
          and (region.path = asked.path or starts_with(region.path, asked.path || '.'))))
    order by merchant.code limit ${limit}
  `.execute(db);
  return rows;
}

/** The redacted picture of a camera that may be shown now. */
export function shownNow(camera: Pick<OpenCamera, 'shown' | 'next'>, now: Date): RedactedPicture | null {
  const { next, shown } = camera;
  if (next !== null && new Date(next.showFrom) <= now) return next;
  return shown !== null && new Date(shown.showFrom) <= now ? shown : null;
}

/** Where the redacted picture lies, if the kitchen is still open and the same areas are black: asked at every reading that is not in memory. */
export async function redactedPicture(
  db: Database,
  cameraId: string,
  takenAt: string,
  now: Date,
): Promise<RedactedPicture | undefined> {
  const { rows } = await sql<{ shown: RedactedPicture | null; next: RedactedPicture | null }>`
    select ${stillMasked('p.shown', NAMES)} as shown, ${stillMasked('p.next', NAMES)} as next from public_picture p
    join public_camera pc on pc.camera_id = p.camera_id
    join camera c on c.id = p.camera_id and c.enabled and c.removed_at is null
      and not c.awaits_approval
    join public_kitchen k on k.merchant_id = c.merchant_id
    where p.camera_id = ${cameraId}
  `.execute(db);
  const row = rows[0];
  if (row === undefined) return undefined;
  return (
    [row.shown, row.next].find(
      (one) => one !== null && one.takenAt === takenAt && new Date(one.showFrom) <= now,
    ) ?? undefined
  );
}

import { type CameraObservation, loadCameraObservations } from '../../db/statistics/cameras.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { Page } from '../schemas/common.ts';
import { CountedCamera, StatisticsCamerasQuery } from '../schemas/statistics.ts';
import { askedOf } from '../statistics/asked.ts';

/** A share as JavaScript writes it; `none` where nothing was owed. */
const SHARE_PART = /^(none|\d(\.\d{1,20})?(e-\d{1,2})?)$/;

/** The place of a camera in the list: those least observed first, those that owed nothing last. */
type Place = readonly [share: string, code: string];

function isBehind([share, code]: Place, [otherShare, otherCode]: Place): boolean {
  if (share === otherShare) return code > otherCode;
  if (share === 'none' || otherShare === 'none') return share === 'none';
  return Number(share) > Number(otherShare);
}

export function statisticsCameraRoutes(api: App, { db, now }: ApiContext): void {
  const described = async (some: readonly CameraObservation[]) => {
    const rows = await db
      .selectFrom('camera')
      .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
      .select([
        'camera.id',
        'camera.code',
        'camera.name',
        'merchant.id as merchant_id',
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
      ])
      .where(
        'camera.id',
        'in',
        some.map(({ cameraId }) => cameraId),
      )
      .execute();
    const coverageOf = new Map(some.map(({ cameraId, coverage }) => [cameraId, coverage]));
    return rows.flatMap((row) => {
      const coverage = coverageOf.get(row.id);
      return coverage === undefined ? [] : [{ ...row, coverage }];
    });
  };

  api.get(
    '/statistics/cameras',
    {
      config: { access: 'statistics.read' },
      schema: {
        tags: ['statistics'],
        summary: 'The cameras that one number counts with their hours observed, those least observed first',
        querystring: StatisticsCamerasQuery,
        response: { 200: Page(CountedCamera) },
      },
    },
    async (request) => {
      const { key = null, cursor, limit = DEFAULT_LIMIT } = request.query;
      const after = decodeCursor(cursor, [SHARE_PART, CODE_PART]);
      const { query } = await askedOf(db, actorOf(request), now(), request.query);
      const counted = await loadCameraObservations(db, query, key);
      const placed = (counted.length === 0 ? [] : await described(counted))
        .map((row) => ({ ...row, place: [String(row.coverage.observed ?? 'none'), row.code] as Place }))
        .filter(({ place }) => after === undefined || isBehind(place, after))
        .sort((a, b) => (isBehind(a.place, b.place) ? 1 : -1));
      return pageOf(
        placed,
        limit,
        ({ place }) => place,
        (row) => ({
          camera: { id: row.id, code: row.code, name: row.name },
          merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
          coverage: row.coverage,
        }),
      );
    },
  );
}

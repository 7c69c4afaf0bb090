import { Type } from 'typebox';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import {
  firstMinute,
  floorToHour,
  floorToMinute,
  type HourOfLetters,
  minutesWithin,
} from '../coverage-range.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { invalid } from '../problem.ts';
import { CameraRef, Closed, Code, MerchantRef, Page, pageQuery, ShortCode, Time } from '../schemas/common.ts';
import { inRegion, inScope } from '../scope.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };

const minutes = Type.Integer({ minimum: 0 });
const Coverage = Type.Object(
  {
    camera: CameraRef,
    merchant: MerchantRef,
    /** The span that is counted: from the first look-out on, up to now. */
    from: Time,
    to: Time,
    /** Minutes of each kind. */
    minutes: Type.Object({
      looked: minutes,
      unchanged: minutes,
      dropped: minutes,
      frozen: minutes,
      blind: minutes,
      offline: minutes,
      closed: minutes,
      unaccounted: minutes,
    }),
    /** One letter a minute: L looked, U unchanged, D dropped, F frozen, X blind (black, covered, blurred, moved), O offline, C closed, . unaccounted. */
    hours: Type.Array(Type.Object({ hour: Time, minutes: Type.String() })),
  },
  { title: 'Coverage' },
);

const CoverageQuery = Type.Object(
  {
    ...pageQuery,
    camera: Type.Optional(Code),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  Closed,
);

/** 有效观察时长: "no alarm" means nothing without it. */
export function coverageRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.get(
    '/coverage',
    {
      config: { access: 'coverage.read' },
      schema: {
        tags: ['coverage'],
        summary: 'How long each camera was truly looked at; the last 24 hours unless told',
        querystring: CoverageQuery,
        response: { 200: Page(Coverage) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, camera, merchant, region } = request.query;
      const now = context.now();
      const asked = request.query.to === undefined ? now : new Date(request.query.to);
      const to = floorToMinute(new Date(Math.min(asked.getTime(), now.getTime())));
      const from = floorToMinute(
        request.query.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(request.query.from),
      );
      if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS) {
        throw invalid({ field: 'query.from', ...said('too_long_before_to', { most: MOST_DAYS }) });
      }
      const after = decodeCursor(cursor, [CODE_PART]);
      let query = db
        .selectFrom('camera')
        .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .where(inScope(actorOf(request), PLACE))
        .where((eb) => eb.or([eb('camera.removed_at', 'is', null), eb('camera.removed_at', '>', from)]))
        .select([
          'camera.id',
          'camera.code',
          'camera.name',
          'camera.created_at',
          'camera.removed_at',
          'merchant.id as merchant_id',
          'merchant.code as merchant_code',
          'merchant.name as merchant_name',
        ])
        .orderBy('camera.code')
        .limit(limit + 1);
      if (after) query = query.where('camera.code', '>', after[0]);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      const cameras = await query.execute();
      const hours = await loadHours(cameras.slice(0, limit).map((row) => row.id));
      return pageOf(
        cameras,
        limit,
        (row) => [row.code],
        (row) => {
          const mine = hours.get(row.id) ?? [];
          // A camera owes minutes from when it was added, or from its first letter, to when it was removed.
          const first = Math.min(
            row.created_at.getTime(),
            firstMinute(mine)?.getTime() ?? Number.POSITIVE_INFINITY,
          );
          const start = floorToMinute(new Date(Math.max(from.getTime(), Math.min(first, to.getTime()))));
          const end = floorToMinute(row.removed_at !== null && row.removed_at < to ? row.removed_at : to);
          return {
            camera: { id: row.id, code: row.code, name: row.name },
            merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
            from: start.toISOString(),
            to: end.toISOString(),
            minutes: minutesWithin(mine, start, end),
            hours: mine.map((hour) => ({ hour: hour.hour.toISOString(), minutes: hour.minutes })),
          };
        },
      );

      async function loadHours(cameraIds: string[]): Promise<Map<string, HourOfLetters[]>> {
        const byCamera = new Map<string, HourOfLetters[]>();
        if (cameraIds.length === 0) return byCamera;
        const rows = await db
          .selectFrom('coverage')
          .selectAll()
          .where('camera_id', 'in', cameraIds)
          .where('hour', '>=', floorToHour(from))
          .where('hour', '<', to)
          .orderBy('hour')
          .execute();
        for (const row of rows) {
          const list = byCamera.get(row.camera_id) ?? [];
          list.push({ hour: row.hour, minutes: row.minutes });
          byCamera.set(row.camera_id, list);
        }
        return byCamera;
      }
    },
  );
}

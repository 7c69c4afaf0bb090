import { sql } from 'kysely';
import type { Static } from 'typebox';
import { currentGrants, type LiveGrant as Grant, grantLive } from '../../db/live.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid } from '../problem.ts';
import { cameraByCode } from '../queries/refs.ts';
import { Page } from '../schemas/common.ts';
import { LiveGrant, LiveGrants, LiveLook, LiveLookQuery, NewLiveGrant } from '../schemas/live.ts';
import { inScope } from '../scope.ts';

const tags = ['live'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };

const grantItem = (grant: Grant): Static<typeof LiveGrant> => ({
  ...grant,
  grantedAt: grant.grantedAt.toISOString(),
  expiresAt: grant.expiresAt.toISOString(),
});

/** Live pictures: why somebody looks, and the log of who looked at what. */
export function liveRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;

  api.get(
    '/live/grants',
    {
      config: { access: 'live.view' },
      schema: { tags, summary: 'What I may look at now, and until when', response: { 200: LiveGrants } },
    },
    async (request) => ({
      items: (await currentGrants(db, actorOf(request).accountId, now())).map(grantItem),
    }),
  );

  api.post(
    '/live/grants',
    {
      config: { access: 'live.view' },
      schema: {
        tags,
        summary: 'Say why I look at live pictures; holds for 30 minutes, and what is looked at is logged',
        body: NewLiveGrant,
        response: { 201: LiveGrant },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { purpose, note = '', camera } = request.body;
      if (purpose === 'other' && note.trim() === '')
        throw invalid({ field: 'note', ...said('purpose_needs_words') });
      const target = typeof camera === 'string' ? await cameraByCode(db, actor, camera) : null;
      const own = actor.regionPath === null ? null : { regionPath: actor.regionPath, merchantId: null };
      const grant = await grantLive(
        db,
        {
          accountId: actor.accountId,
          purpose,
          note: note.trim(),
          cameraId: target?.id ?? null,
          place: target ?? own,
        },
        now(),
      );
      return await reply.code(201).send(grantItem(grant));
    },
  );

  api.get(
    '/live/looks',
    {
      config: { access: 'live.log' },
      schema: {
        tags,
        summary: 'Who looked at which camera, when and why; newest first',
        querystring: LiveLookQuery,
        response: { 200: Page(LiveLook) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, camera, by, from, to } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART, UUID_PART]);
      let query = db
        .selectFrom('live_look as look')
        .innerJoin('live_grant as grant', 'grant.id', 'look.grant_id')
        .innerJoin('account', 'account.id', 'grant.account_id')
        .innerJoin('camera', 'camera.id', 'look.camera_id')
        .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .where(inScope(actorOf(request), PLACE))
        .select([
          'look.grant_id',
          'look.camera_id',
          'look.first_at',
          'look.last_at',
          'look.looks',
          sql<string>`look.first_at::text`.as('first_at_text'),
          'grant.purpose',
          'grant.note',
          'account.id as account_id',
          'account.username',
          'account.display_name',
          'camera.code as camera_code',
          'camera.name as camera_name',
          'merchant.id as merchant_id',
          'merchant.code as merchant_code',
          'merchant.name as merchant_name',
        ])
        .orderBy('look.first_at', 'desc')
        .orderBy('look.grant_id', 'desc')
        .orderBy('look.camera_id', 'desc')
        .limit(limit + 1);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (by !== undefined) query = query.where('account.username', '=', by);
      if (from !== undefined) query = query.where('look.last_at', '>=', new Date(from));
      if (to !== undefined) query = query.where('look.first_at', '<', new Date(to));
      if (after) {
        query = query.where((eb) =>
          eb(
            eb.refTuple('look.first_at', 'look.grant_id', 'look.camera_id'),
            '<',
            eb.tuple(
              eb.cast<Date>(eb.val(after[0]), 'timestamptz'),
              eb.cast<string>(eb.val(after[1]), 'uuid'),
              eb.cast<string>(eb.val(after[2]), 'uuid'),
            ),
          ),
        );
      }
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.first_at_text, row.grant_id, row.camera_id],
        (row): Static<typeof LiveLook> => ({
          by: { id: row.account_id, username: row.username, displayName: row.display_name },
          purpose: row.purpose,
          note: row.note,
          camera: { id: row.camera_id, code: row.camera_code, name: row.camera_name },
          merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
          firstAt: row.first_at.toISOString(),
          lastAt: row.last_at.toISOString(),
          looks: row.looks,
        }),
      );
    },
  );
}

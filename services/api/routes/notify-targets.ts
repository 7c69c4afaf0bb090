import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { removeTarget } from '../../db/notify/targets.ts';
import { type Actor, may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { testTarget } from '../commands/test-target.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf, UUID_PART } from '../cursor.ts';
import { invalid, notFound } from '../problem.ts';
import { addTarget, checkHabits, robotAddress, shownAddress } from '../queries/notify-targets.ts';
import { merchantByCode, regionByCode } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { NewSharedTarget, SharedTarget, SharedTargetChange } from '../schemas/notify.ts';
import { PolicyQuery } from '../schemas/policy.ts';
import { inScope } from '../scope.ts';

const tags = ['notifications'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

/** Chat groups and kitchen buzzers of merchants and regions: operators' business. */
export function notifyTargetRoutes(api: App, context: ApiContext): void {
  const { db, sealer, now } = context;
  const select = (actor: Actor) =>
    db
      .selectFrom('notify_target')
      .leftJoin('merchant', 'merchant.id', 'notify_target.merchant_id')
      .innerJoin('region', (join) =>
        join.on((eb) =>
          eb('region.id', '=', eb.fn.coalesce('merchant.region_id', 'notify_target.region_id')),
        ),
      )
      .where('notify_target.account_id', 'is', null)
      .where('notify_target.removed_at', 'is', null)
      .where(inScope(actor, PLACE))
      .selectAll('notify_target')
      .select([
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
        'region.id as place_id',
        'region.path as regionPath',
        'region.code as region_code',
        'region.name as region_name',
        'merchant.id as merchantId',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row) => ({
    id: row.id,
    channel: row.channel,
    name: row.name,
    shown: shownAddress(sealer, row.channel, row.address_sealed),
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
    merchant:
      row.merchantId === null
        ? null
        : { id: row.merchantId, code: row.merchant_code ?? '', name: row.merchant_name ?? '' },
    region:
      row.region_id === null
        ? null
        : { id: row.place_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    // The table's check: a group always has them.
    habits: row.habits ?? { language: 'zh-CN' as const, quiet: null, topics: [], leastClass: 3 as const },
  });
  const find = async (actor: Actor, id: string): Promise<Row> => {
    const row = await select(actor).where('notify_target.id', '=', id).executeTakeFirst();
    if (row === undefined || !may(actor, 'alert.configure', row)) throw notFound('address');
    return row;
  };
  const audit = (
    tx: Tx,
    actor: Actor,
    row: { id: string; regionPath: string; merchantId: string | null },
    to: string,
    after: object | null,
  ) =>
    recordChange(tx, {
      entity: 'notify_target',
      entityId: row.id,
      to,
      actorId: actor.accountId,
      at: now(),
      place: { regionPath: row.regionPath, merchantId: row.merchantId },
      detail: [{ entity: 'notify_target', entityId: row.id, before: null, after: after && { ...after } }],
    });

  api.get(
    '/notify-targets',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Chat groups and buzzers',
        querystring: PolicyQuery,
        response: { 200: Page(SharedTarget) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = decodeCursor(cursor, [UUID_PART]);
      let query = select(actorOf(request))
        .orderBy('notify_target.id')
        .limit(limit + 1);
      if (after) query = query.where('notify_target.id', '>', after[0]);
      return pageOf(await query.execute(), limit, (row) => [row.id], item);
    },
  );

  api.post(
    '/notify-targets',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Add a chat group or a buzzer',
        body: NewSharedTarget,
        response: { 201: SharedTarget },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const habits = checkHabits(body.habits);
      const id = await db.transaction().execute(async (tx) => {
        const owner = await ownerOf(tx, actor, body);
        const address =
          'gateway' in body
            ? { channel: 'gateway' as const, gatewayId: await gatewayOf(tx, body.gateway, owner) }
            : robotAddress(body);
        const added = await addTarget(tx, sealer, {
          accountId: null,
          merchantId: owner.merchantId,
          regionId: owner.merchantId === null ? owner.regionId : null,
          address,
          name: body.name ?? '',
          device: null,
          habits,
          now: now(),
        });
        await audit(tx, actor, { id: added, ...owner }, 'created', { channel: body.channel, habits });
        return added;
      });
      return await reply.code(201).send(item(await find(actor, id)));
    },
  );

  const ownerOf = async (tx: Tx, actor: Actor, body: { merchant?: string; region?: string }) => {
    const { merchant, region } = body;
    if ((merchant === undefined) === (region === undefined))
      throw invalid({ field: 'merchant', ...said('merchant_or_region') });
    if (merchant !== undefined) {
      const found = await merchantByCode(tx, actor, merchant);
      return { merchantId: found.id, regionId: found.regionId, regionPath: found.regionPath };
    }
    const found = await regionByCode(tx, actor, region ?? '');
    return { merchantId: null, regionId: found.id, regionPath: found.path };
  };

  /** A gateway of the merchant itself, or one that carries a camera of it. */
  const gatewayOf = async (tx: Tx, code: string, owner: { merchantId: string | null }): Promise<string> => {
    const gateway = await tx
      .selectFrom('gateway')
      .select('id')
      .where('code', '=', code)
      .where((eb) =>
        eb.or([
          eb('merchant_id', '=', owner.merchantId),
          eb.exists(
            eb
              .selectFrom('camera')
              .select('camera.id')
              .whereRef('camera.gateway_id', '=', 'gateway.id')
              .where('camera.merchant_id', '=', owner.merchantId),
          ),
        ]),
      )
      .executeTakeFirst();
    if (gateway === undefined)
      throw invalid({
        field: 'gateway',
        ...said('gateway_code_unknown', { code: JSON.stringify(code) }),
      });
    return gateway.id;
  };

  api.patch(
    '/notify-targets/:id',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Rename it, switch it, change what it is told',
        params: ById,
        body: SharedTargetChange,
        response: { 200: SharedTarget },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id);
      const { name, enabled, habits } = request.body;
      if (habits) checkHabits(habits);
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('notify_target')
          .set({
            id: row.id,
            ...(name && { name }),
            ...(enabled !== undefined && { enabled }),
            ...(habits && { habits: JSON.stringify(habits) }),
          })
          .where('id', '=', row.id)
          .execute();
        await audit(tx, actor, row, 'changed', request.body);
      });
      return item(await find(actor, row.id));
    },
  );

  api.delete(
    '/notify-targets/:id',
    {
      config: { access: 'alert.configure' },
      schema: { tags, summary: 'Remove it', params: ById, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id);
      await db.transaction().execute(async (tx) => {
        if (await removeTarget(tx, row.id, 'by an operator', now()))
          await audit(tx, actor, row, 'removed', null);
      });
      return await reply.code(204).send(null);
    },
  );

  api.post(
    '/notify-targets/:id/test',
    {
      config: { access: 'alert.configure' },
      schema: { tags, summary: 'Send it a test message', params: ById, response: { 202: Nothing } },
    },
    async (request, reply) => {
      const row = await find(actorOf(request), request.params.id);
      await testTarget(context, row.id);
      return await reply.code(202).send(null);
    },
  );
}

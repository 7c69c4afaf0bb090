import { sql } from 'kysely';
import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { removeTarget } from '../../db/notify/targets.ts';
import { loadVapidKeys } from '../../db/notify/vapid.ts';
import type { Actor } from '../../domain/access.ts';
import { firstHabits, type NotifyHabits } from '../../domain/notify.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { testTarget } from '../commands/test-target.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { addressOf, addTarget, checkHabits, shownAddress } from '../queries/notify-targets.ts';
import { ById, Nothing } from '../schemas/common.ts';
import { Habits, MyNotifications, MyTarget, NewMyTarget } from '../schemas/notify.ts';

const tags = ['notifications'];
/** Addresses a person may have. */
const MOST_TARGETS = 20;

/** How the signed-in person is told: their own affair, whatever the role. */
export function myNotificationRoutes(api: App, context: ApiContext): void {
  const { db, sealer, now } = context;
  const targetsOf = (accountId: string) =>
    db
      .selectFrom('notify_target')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('removed_at', 'is', null)
      .orderBy('created_at');
  type Row = Awaited<ReturnType<ReturnType<typeof targetsOf>['executeTakeFirstOrThrow']>>;
  const item = (row: Row) => ({
    id: row.id,
    channel: row.channel,
    name: row.name,
    shown: shownAddress(sealer, row.channel, row.address_sealed),
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
    device: row.device,
  });
  const mine = async (actor: Actor, id: string): Promise<Row> => {
    const row = await targetsOf(actor.accountId).where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('address');
    return row;
  };
  const answer = async (actor: Actor) => {
    const setting = await db
      .selectFrom('notify_setting')
      .select('habits')
      .where('account_id', '=', actor.accountId)
      .executeTakeFirst();
    const targets = await targetsOf(actor.accountId).execute();
    const { publicKey } = await loadVapidKeys(db, sealer);
    return {
      habits: setting?.habits ?? firstHabits(actor.role),
      targets: targets.map(item),
      pushKey: publicKey,
    };
  };
  const audit = async (
    tx: Tx,
    actor: Actor,
    entity: string,
    id: string,
    to: string,
    after: object | null,
  ) => {
    await recordChange(tx, {
      entity,
      entityId: id,
      to,
      actorId: actor.accountId,
      at: now(),
      detail: [{ entity, entityId: id, before: null, after: { ...after } }],
    });
  };

  api.get(
    '/my/notifications',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'How I am told, and where', response: { 200: MyNotifications } },
    },
    async (request) => await answer(actorOf(request)),
  );

  api.put(
    '/my/notifications',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Language, quiet hours, topics',
        body: Habits,
        response: { 200: MyNotifications },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const habits: NotifyHabits = checkHabits(request.body);
      await db.transaction().execute(async (tx) => {
        const text = JSON.stringify(habits);
        await tx
          .insertInto('notify_setting')
          .values({ account_id: actor.accountId, habits: text })
          .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ habits: text }))
          .execute();
        await audit(tx, actor, 'notify_setting', actor.accountId, 'changed', habits);
      });
      return await answer(actor);
    },
  );

  api.post(
    '/my/notifications/targets',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'Add an address of mine', body: NewMyTarget, response: { 201: MyTarget } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const device = body.channel === 'push' ? body.device : null;
      const id = await db.transaction().execute(async (tx) => {
        await sql`select id from account where id = ${actor.accountId} for update`.execute(tx);
        await tx
          .insertInto('notify_setting')
          .values({ account_id: actor.accountId, habits: JSON.stringify(firstHabits(actor.role)) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        if (device !== null) await replaceDevice(tx, actor, device);
        const { count } = await tx
          .selectFrom('notify_target')
          .select((eb) => eb.fn.countAll<string>().as('count'))
          .where('account_id', '=', actor.accountId)
          .where('removed_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (Number(count) >= MOST_TARGETS)
          throw new Problem('conflict', said('too_many_targets', { most: MOST_TARGETS }));
        const added = await addTarget(tx, sealer, {
          accountId: actor.accountId,
          merchantId: null,
          regionId: null,
          address: addressOf(body),
          name: body.name ?? '',
          device,
          habits: null,
          now: now(),
        });
        await audit(tx, actor, 'notify_target', added, 'created', { channel: body.channel });
        return added;
      });
      return await reply.code(201).send(item(await mine(actor, id)));
    },
  );

  const replaceDevice = async (tx: Tx, actor: Actor, device: string): Promise<void> => {
    const old = await tx
      .selectFrom('notify_target')
      .select('id')
      .where('account_id', '=', actor.accountId)
      .where('device', '=', device)
      .where('removed_at', 'is', null)
      .execute();
    for (const { id } of old) await removeTarget(tx, id, 'subscribed anew', now());
  };

  api.delete(
    '/my/notifications/targets/:id',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'Remove an address of mine', params: ById, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { id } = await mine(actor, request.params.id);
      await db.transaction().execute(async (tx) => {
        if (await removeTarget(tx, id, 'by its owner', now()))
          await audit(tx, actor, 'notify_target', id, 'removed', null);
      });
      return await reply.code(204).send(null);
    },
  );

  api.post(
    '/my/notifications/targets/:id/test',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Send a test message to an address of mine',
        params: ById,
        response: { 202: Nothing },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { id } = await mine(actor, request.params.id);
      await testTarget(context, id);
      return await reply.code(202).send(null);
    },
  );
}

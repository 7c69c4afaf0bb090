import { type SqlBool, sql } from 'kysely';
import type { Static } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { retryDeadMessage } from '../../db/notify/messages.ts';
import type { Actor } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, NUMBER_PART, pageOf } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { Page } from '../schemas/common.ts';
import {
  Message,
  MessageDetail,
  MessagePage,
  MessageParams,
  MessageQuery,
  Notification,
  NotificationQuery,
} from '../schemas/notify.ts';
import { inScope } from '../scope.ts';

const tags = ['notifications'];
const PLACE = { regionPath: 'region.path', merchantId: 'notification.merchant_id' };

/** Every sending to people and its result: whether an alert reached anybody can be shown years later. */
export function messageRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const inReach = (actor: Actor) =>
    sql<SqlBool>`exists (select from notification join region on region.id = notification.region_id
      where notification.message_id = message.id and ${inScope(actor, PLACE)})`;
  const select = (actor: Actor | null) => {
    const query = db
      .selectFrom('message')
      .innerJoin('notify_target', 'notify_target.id', 'message.target_id')
      .leftJoin('account', 'account.id', 'notify_target.account_id')
      .leftJoin('merchant', 'merchant.id', 'notify_target.merchant_id')
      .selectAll('message')
      .select(['notify_target.name as target_name', 'account.username', 'merchant.name as merchant_name']);
    return actor === null ? query : query.where(inReach(actor));
  };
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Message> => ({
    id: row.id,
    channel: row.channel,
    target: { id: row.target_id, name: row.target_name },
    account: row.username,
    merchant: row.merchant_name,
    class: row.class,
    title: row.content.title,
    lines: row.content.lines,
    link: row.content.link,
    count: row.count,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at.toISOString(),
    lastStatus: row.last_status,
    lastError: row.last_error,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  });
  const find = async (actor: Actor, id: string): Promise<Row> => {
    const row = await select(actor).where('message.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('message');
    return row;
  };

  api.get(
    '/messages',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Messages to people, newest first; state=dead are those that did not get through',
        querystring: MessageQuery,
        response: { 200: MessagePage },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { limit = DEFAULT_LIMIT, cursor, state, channel, merchant, account, alert } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = select(actor)
        .orderBy('message.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('message.state', '=', state);
      if (channel !== undefined) query = query.where('message.channel', '=', channel);
      if (account !== undefined) query = query.where('account.username', '=', account);
      if (merchant !== undefined)
        query = query.where(
          sql<SqlBool>`exists (select from notification join merchant as told on told.id = notification.merchant_id
            where notification.message_id = message.id and told.code = ${merchant})`,
        );
      if (alert !== undefined)
        query = query.where(
          sql<SqlBool>`exists (select from notification where message_id = message.id and alert_id = ${alert})`,
        );
      if (after) query = query.where('message.id', '<', after[0]);
      const [rows, counted] = await Promise.all([
        query.execute(),
        db
          .selectFrom('message')
          .where(inReach(actor))
          .groupBy('state')
          .select((eb) => ['state', eb.fn.countAll<string>().as('count')])
          .execute(),
      ]);
      const counts = { pending: 0, delivered: 0, dead: 0, stopped: 0 };
      for (const row of counted) counts[row.state] = Number(row.count);
      return { counts, ...pageOf(rows, limit, (row) => [row.id], item) };
    },
  );

  api.get(
    '/messages/:id',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'One message with every sending of it',
        params: MessageParams,
        response: { 200: MessageDetail },
      },
    },
    async (request) => {
      const row = await find(actorOf(request), request.params.id);
      const [sendings, notifications] = await Promise.all([
        db.selectFrom('message_attempt').selectAll().where('message_id', '=', row.id).orderBy('at').execute(),
        db
          .selectFrom('notification')
          .select(['subject', 'occurrence', 'about', 'created_at'])
          .where('message_id', '=', row.id)
          .orderBy('id')
          .limit(200)
          .execute(),
      ]);
      return {
        ...item(row),
        sendings: sendings.map(({ attempt, at, ok, status, error }) => ({
          attempt,
          at: at.toISOString(),
          ok,
          status,
          error,
        })),
        notifications: notifications.map(({ created_at: at, ...rest }) => ({
          ...rest,
          createdAt: at.toISOString(),
        })),
      };
    },
  );

  api.post(
    '/messages/:id/retry',
    {
      config: { access: 'operation.write' },
      schema: {
        tags,
        summary: 'Send a dead message again',
        params: MessageParams,
        response: { 200: Message },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id);
      if (!(await retryDeadMessage(db, row.id, now())))
        throw new Problem('conflict', said('message_not_dead', { state: row.state }));
      await db.transaction().execute((tx) =>
        recordChange(tx, {
          entity: 'notify_target',
          entityId: row.target_id,
          to: 'retried',
          note: `message ${row.id}`,
          actorId: actor.accountId,
          at: now(),
        }),
      );
      return item(await find(actor, row.id));
    },
  );

  api.get(
    '/my/notifications/messages',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'The last messages to me', response: { 200: Page(Message) } },
    },
    async (request) => {
      const rows = await select(null)
        .where('notify_target.account_id', '=', actorOf(request).accountId)
        .orderBy('message.id', 'desc')
        .limit(30)
        .execute();
      return { items: rows.map(item), nextCursor: null };
    },
  );

  api.get(
    '/notifications',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary:
          'Who is to be told of an alert, and what became of it: waiting, gathered into a message, or dropped with its reason',
        querystring: NotificationQuery,
        response: { 200: Page(Notification) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, alert, account, state } = request.query;
      const after = decodeCursor(cursor, [NUMBER_PART]);
      let query = db
        .selectFrom('notification')
        .innerJoin('region', 'region.id', 'notification.region_id')
        .innerJoin('notify_target', 'notify_target.id', 'notification.target_id')
        .leftJoin('account', 'account.id', 'notification.account_id')
        .leftJoin('message', 'message.id', 'notification.message_id')
        .where(inScope(actorOf(request), PLACE))
        .selectAll('notification')
        .select(['notify_target.name as target_name', 'account.username', 'message.state as message_state'])
        .orderBy('notification.id', 'desc')
        .limit(limit + 1);
      if (alert !== undefined) query = query.where('notification.alert_id', '=', alert);
      if (account !== undefined) query = query.where('account.username', '=', account);
      if (state !== undefined) query = query.where('notification.state', '=', state);
      if (after) query = query.where('notification.id', '<', after[0]);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.id],
        (row) => ({
          id: row.id,
          channel: row.channel,
          account: row.username,
          target: { id: row.target_id, name: row.target_name },
          subject: row.subject,
          occurrence: row.occurrence,
          about: row.about,
          state: row.state,
          reason: row.reason,
          dueAt: row.due_at.toISOString(),
          messageId: row.message_id,
          messageState: row.message_state,
          createdAt: row.created_at.toISOString(),
        }),
      );
    },
  );
}

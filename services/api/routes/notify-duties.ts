import { sql } from 'kysely';
import { recordChange } from '../../db/audit.ts';
import type { NotifyChannel, NotifyTopic } from '../../domain/notify.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { ById } from '../schemas/common.ts';
import { Duties, DutiesChange } from '../schemas/notify.ts';
import { seen } from '../scope.ts';

const tags = ['notifications'];

/** Who of a merchant's people is told what, and who only when the first do not answer. */
export function notifyDutyRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const merchant = (id: string) =>
    db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select(['merchant.id', 'merchant.id as merchantId', 'region.path as regionPath'])
      .where('merchant.id', '=', id)
      .executeTakeFirst();
  const answer = async (merchantId: string) => {
    const rows = await sql<{
      account: string;
      displayName: string;
      channels: NotifyChannel[];
      topics: NotifyTopic[] | null;
      wanted: NotifyTopic[] | null;
      step: number | null;
    }>`
      select account.username as account, account.display_name as "displayName", duty.topics, duty.step,
             array(select jsonb_array_elements_text(setting.habits -> 'topics')) as wanted,
             array(select distinct channel from notify_target as target
               where target.account_id = account.id and target.enabled and target.removed_at is null order by 1) as channels
      from account
        left join notify_duty as duty on duty.account_id = account.id and duty.merchant_id = ${merchantId}
        left join notify_setting as setting on setting.account_id = account.id
      where account.merchant_id = ${merchantId} and not account.disabled
      order by account.username
    `.execute(db);
    return {
      people: rows.rows.map(({ account, displayName, channels, topics, wanted, step }) => ({
        account,
        displayName,
        channels,
        topics: topics ?? wanted ?? [],
        step: step ?? 1,
      })),
    };
  };

  api.get(
    '/merchants/:id/notify-duties',
    {
      config: { access: 'alert.assign' },
      schema: { tags, summary: 'Who of a merchant is told what', params: ById, response: { 200: Duties } },
    },
    async (request) => {
      const { id } = seen(actorOf(request), 'alert.assign', await merchant(request.params.id), 'merchant');
      return await answer(id);
    },
  );

  api.put(
    '/merchants/:id/notify-duties',
    {
      config: { access: 'alert.assign' },
      schema: {
        tags,
        summary:
          'Say who of a merchant is told what; people who are not named are told what they want, at once',
        params: ById,
        body: DutiesChange,
        response: { 200: Duties },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const place = seen(actor, 'alert.assign', await merchant(request.params.id), 'merchant');
      const { duties } = request.body;
      const accounts = await db
        .selectFrom('account')
        .select(['id', 'username'])
        .where('merchant_id', '=', place.id)
        .execute();
      const rows = duties.map(({ account, topics, step }, index) => {
        const found = accounts.find(({ username }) => username === account);
        if (found === undefined)
          throw invalid({
            field: `duties.${index}.account`,
            ...said('nobody_called', { account: JSON.stringify(account) }),
          });
        return { merchant_id: place.id, account_id: found.id, topics, step };
      });
      if (new Set(rows.map((row) => row.account_id)).size < rows.length)
        throw invalid({ field: 'duties', ...said('somebody_twice') });
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('notify_duty').where('merchant_id', '=', place.id).execute();
        if (rows.length > 0) await tx.insertInto('notify_duty').values(rows).execute();
        await recordChange(tx, {
          entity: 'notify_duty',
          entityId: place.id,
          to: 'changed',
          actorId: actor.accountId,
          at: now(),
          place: { regionPath: place.regionPath, merchantId: place.id },
          detail: [{ entity: 'notify_duty', entityId: place.id, before: null, after: { duties } }],
        });
      });
      return await answer(place.id);
    },
  );
}

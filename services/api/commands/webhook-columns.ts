/** What a webhook's body says, as columns. */

import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import type { Sealer } from '../../db/seal.ts';
import { isWithin } from '../../domain/rules.ts';
import { said } from '../../domain/said.ts';
import { invalid } from '../problem.ts';
import type { WebhookChange } from '../schemas/webhook.ts';

type Given = Omit<Static<typeof WebhookChange>, 'name' | 'types' | 'enabled' | 'secret'>;
/** What is there already, when it is changed. */
type There = {
  url: string;
  topic_prefix: string | null;
  region_path: string | null;
  account_id: string | null;
  orders: boolean;
};

/** @throws Problem that names the field */
export async function platformColumns(db: Database | Tx, sealer: Sealer, given: Given, there: There) {
  const { broker, topicPrefix, account, cases } = given;
  const orders = given.orders ?? there.orders;
  const url = given.url ?? there.url;
  checkUrl(url, 'url');
  if (cases) checkUrl(cases.url, 'cases.url');
  const channel = /^mqtts?:/.test(url) ? ('mqtt' as const) : ('http' as const);
  const prefix = topicPrefix ?? there.topic_prefix;
  if (channel === 'mqtt' && prefix === null)
    throw invalid({
      field: 'topicPrefix',
      ...said('broker_needs_topics'),
    });
  if (channel === 'http' && topicPrefix !== undefined)
    throw invalid({ field: 'topicPrefix', ...said('topics_of_brokers_only') });
  if (channel === 'http' && broker) throw invalid({ field: 'broker', ...said('login_of_brokers_only') });
  if (orders && channel === 'http')
    throw invalid({
      field: 'orders',
      ...said('orders_of_brokers_only'),
    });
  if (orders && (account === undefined ? there.account_id === null : account === null))
    throw invalid({ field: 'account', ...said('orders_need_account') });
  return {
    url,
    channel,
    orders,
    topic_prefix: channel === 'mqtt' ? prefix : null,
    ...(channel === 'http' && { broker_sealed: null }),
    ...(broker !== undefined && {
      broker_sealed: broker === null ? null : sealer.seal(JSON.stringify(broker)),
    }),
    ...(account !== undefined && {
      account_id: account === null ? null : await platformAccount(db, account, there.region_path),
    }),
    ...(cases === null && { cases_url: null, cases_token_sealed: null }),
    ...(cases && {
      cases_url: cases.url,
      ...(cases.everyMin !== undefined && { cases_every_min: cases.everyMin }),
      ...(cases.token !== undefined && { cases_token_sealed: sealer.seal(cases.token) }),
    }),
  };
}

function checkUrl(url: string, field: string): void {
  const parsed = URL.parse(url);
  if (parsed !== null && parsed.username === '' && parsed.password === '') return;
  throw invalid({ field, ...said(parsed === null ? 'not_an_address' : 'address_holds_login') });
}

/** An account of a platform whose own regions hold the webhook's: it must not be told of more than it may read. */
async function platformAccount(
  db: Database | Tx,
  username: string,
  regionPath: string | null,
): Promise<string> {
  const row = await db
    .selectFrom('account')
    .leftJoin('region', 'region.id', 'account.region_id')
    .select(['account.id', 'account.role', 'region.path'])
    .where('account.username', '=', username)
    .executeTakeFirst();
  const allowed = row?.role === 'platform' && (row.path === null || isWithin(regionPath ?? '', row.path));
  if (!allowed) throw invalid({ field: 'account', ...said('not_a_platform_account') });
  return row.id;
}

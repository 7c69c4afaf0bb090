import { sql } from 'kysely';
import type { CaseLink } from '../domain/case-chain.ts';
import { type CaseChain, type CaseFile, itemFacts, type RemovedObject } from '../domain/case-file.ts';
import { caseMembers, findCase } from './cases.ts';
import type { Database, Tx } from './database.ts';

/** Everything of a case as of one moment. @throws Error when there is no such case */
export async function loadCaseFile(db: Database, caseId: string): Promise<CaseFile> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await useItemText(tx);
      const chains: CaseChain[] = [];
      for (const id of await caseMembers(tx, caseId)) chains.push(await loadChain(tx, id));
      const items = chains.flatMap((chain) => chain.items);
      const by = items.flatMap(({ link, text }) =>
        text === null ? [] : (itemFacts(link.source, text).by ?? []),
      );
      const keys = items.flatMap((item) => item.objects.map((object) => object.key));
      const hold = await tx
        .selectFrom('legal_hold')
        .select(['reason', 'placed_at as placedAt'])
        .where('case_id', '=', caseId)
        .where('lifted_at', 'is', null)
        .executeTakeFirst();
      return {
        chains,
        people: await loadPeople(tx, [...new Set(by)]),
        removed: await loadRemoved(tx, [...new Set(keys)]),
        hold: hold ?? null,
      };
    });
}

/** Item texts are made under these settings, as the triggers make them. For the rest of the transaction. */
export async function useItemText(tx: Tx): Promise<void> {
  await sql`select set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)`.execute(
    tx,
  );
}

async function loadChain(tx: Tx, caseId: string): Promise<CaseChain> {
  const facts = await findCase(tx, caseId);
  if (facts === undefined) throw new Error(`no case ${caseId}`);
  const links = await loadLinks(tx, caseId);
  const texts = await loadTexts(tx, links);
  const timeStamps = await tx
    .selectFrom('case_time_stamp')
    .select(['seq', 'token', 'stamped_at as stampedAt', 'authority'])
    .where('case_id', '=', caseId)
    .where('state', '=', 'stamped')
    .orderBy('seq')
    .execute();
  return {
    facts,
    items: links.map((link) => {
      const text = texts.get(`${link.source} ${link.itemId}`) ?? null;
      return { link, text, objects: text === null ? [] : itemFacts(link.source, text).objects };
    }),
    timeStamps: timeStamps.flatMap(({ seq, token, stampedAt, authority }) =>
      token === null || stampedAt === null ? [] : [{ seq, token, stampedAt, authority }],
    ),
  };
}

async function loadLinks(tx: Tx, caseId: string): Promise<CaseLink[]> {
  const { rows } = await sql<CaseLink>`
    select case_id as "caseId", seq, source, item_id as "itemId", digest,
      (extract(epoch from recorded_at) * 1000000)::bigint::text as "recordedAtUs", prev_hash as "prevHash", hash
    from case_link where case_id = ${caseId} order by seq
  `.execute(tx);
  return rows;
}

/** The items' texts as they are now, by `source id`. */
async function loadTexts(tx: Tx, links: readonly CaseLink[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const sources = await tx.selectFrom('case_source').select(['source', 'relation']).execute();
  for (const { source, relation } of sources) {
    const ids = links.filter((link) => link.source === source).map((link) => link.itemId);
    if (ids.length === 0) continue;
    const { rows } = await sql<{ id: string; text: string }>`
      select id::text, case_item_text(${source}, to_jsonb(item)) as text
      from ${sql.table(relation)} as item where id = any (${ids})
    `.execute(tx);
    for (const row of rows) texts.set(`${source} ${row.id}`, row.text);
  }
  return texts;
}

async function loadPeople(tx: Tx, ids: string[]): Promise<CaseFile['people']> {
  if (ids.length === 0) return [];
  return await tx
    .selectFrom('account')
    .select(['id', 'username', 'display_name as displayName', 'role'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
}

async function loadRemoved(tx: Tx, keys: string[]): Promise<RemovedObject[]> {
  if (keys.length === 0) return [];
  return await tx
    .selectFrom('object_removal')
    .select(['object_key as key', 'id', 'done_at as doneAt'])
    .where('object_key', 'in', keys)
    .where('why', '=', 'retention')
    .where('cancelled_at', 'is', null)
    .orderBy('planned_at')
    .execute();
}

import { sql } from 'kysely';
import { type CaseLink, chainFaults } from '../domain/case-chain.ts';
import { useItemText } from './case-file.ts';
import type { Database, Tx } from './database.ts';

/** Something of a case that is not as it was written. */
export interface CaseFault {
  caseId: string;
  /** `chain`: links; `altered`: an item says something else; `gone`: an item is missing; `unchained`: an item nobody recorded. */
  fault: 'chain' | 'altered' | 'gone' | 'unchained';
  detail: string;
}

export interface CaseReport {
  chains: number;
  links: number;
  faults: CaseFault[];
}

const BATCH = 5000;

/** Walks the chain of every case and compares each item with what was recorded. One moment of the database, read in batches. */
export async function checkCases(db: Database): Promise<CaseReport> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await useItemText(tx);
      const report = await walkChains(tx);
      const sources = await tx
        .selectFrom('case_source')
        .select(['source', 'relation', 'case_by as by'])
        .execute();
      for (const source of sources) report.faults.push(...(await itemFaults(tx, source)));
      for (const relation of new Set(sources.map((source) => source.relation))) {
        const names = sources.filter((source) => source.relation === relation);
        report.faults.push(...(await unchained(tx, relation, names)));
      }
      return report;
    });
}

interface Source {
  source: string;
  relation: string;
  by: string;
}

async function walkChains(tx: Tx): Promise<CaseReport> {
  const report: CaseReport = { chains: 0, links: 0, faults: [] };
  const { rows: heads } = await sql<{
    id: string;
    links: number;
    hash: string;
  }>`select case_id as id, links, hash from case_chain order by case_id`.execute(tx);
  const ends = new Map(heads.map((head) => [head.id, head]));
  let chain: CaseLink[] = [];
  const finish = (): void => {
    const [first] = chain;
    if (first === undefined) return;
    report.chains += 1;
    const end = ends.get(first.caseId);
    ends.delete(first.caseId);
    for (const { detail } of chainFaults(chain, end ?? { links: 0, hash: '' }))
      report.faults.push({ caseId: first.caseId, fault: 'chain', detail });
    chain = [];
  };
  let after = { caseId: '00000000-0000-0000-0000-000000000000', seq: 0 };
  for (;;) {
    const { rows } = await sql<CaseLink>`
      select case_id as "caseId", seq, source, item_id as "itemId", digest,
        (extract(epoch from recorded_at) * 1000000)::bigint::text as "recordedAtUs", prev_hash as "prevHash", hash
      from case_link where (case_id, seq) > (${after.caseId}::uuid, ${after.seq})
      order by case_id, seq limit ${BATCH}
    `.execute(tx);
    for (const link of rows) {
      if (chain[0] !== undefined && chain[0].caseId !== link.caseId) finish();
      chain.push(link);
      report.links += 1;
      after = link;
    }
    if (rows.length < BATCH) break;
  }
  finish();
  for (const end of ends.values())
    if (end.links > 0)
      report.faults.push({ caseId: end.id, fault: 'chain', detail: `all ${end.links} links are gone` });
  return report;
}

async function itemFaults(tx: Tx, { source, relation }: Source): Promise<CaseFault[]> {
  const { rows } = await sql<{ caseId: string; seq: number; itemId: string; gone: boolean }>`
    select link.case_id as "caseId", link.seq, link.item_id as "itemId", item.id is null as gone
    from case_link as link left join ${sql.table(relation)} as item on item.id::text = link.item_id
    where link.source = ${source}
      and link.digest is distinct from
        encode(sha256(convert_to(case_item_text(${source}, to_jsonb(item)), 'UTF8')), 'hex')
    order by 1, 2
  `.execute(tx);
  return rows.map(({ caseId, seq, itemId, gone }) => ({
    caseId,
    fault: gone ? 'gone' : 'altered',
    detail: `link ${seq}: ${source} ${itemId} ${gone ? 'is not there any more' : 'is not what was recorded'}`,
  }));
}

/** Rows that belong to a case and stand in no chain: written behind the triggers' back. */
async function unchained(tx: Tx, relation: string, sources: Source[]): Promise<CaseFault[]> {
  const [first] = sources;
  // Removals enter the chain when they are done, and orphans belong to none.
  if (first === undefined || relation === 'object_removal') return [];
  const { rows } = await sql<{ caseId: string; itemId: string }>`
    select case_of(${first.by}, to_jsonb(item)) as "caseId", item.id::text as "itemId"
    from ${sql.table(relation)} as item
    where case_of(${first.by}, to_jsonb(item)) is not null
      and not exists (
        select from case_link where source = any (${sources.map(({ source }) => source)}) and item_id = item.id::text
      )
    order by 1, 2
  `.execute(tx);
  return rows.map(({ caseId, itemId }) => ({
    caseId,
    fault: 'unchained',
    detail: `${relation} ${itemId} stands in no chain`,
  }));
}

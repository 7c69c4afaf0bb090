import { sql } from 'kysely';
import type { Measure } from '../../domain/statistics.ts';
import { JOINED } from '../appeal-upheld.ts';
import type { Database } from '../database.ts';
import { DEFINITIONS } from './measures.ts';
import { around, facts, type StatisticsQuery } from './query.ts';

/** One finding or task that a number counts. */
export interface CountedThing {
  of: 'finding' | 'task';
  findingId: string;
  taskId: string | null;
  /** Task number. */
  number: string | null;
  state: string;
  /** Of a finding: confirmed, but the appeal against its task was upheld. */
  appealUpheld: boolean;
  kind: string;
  class: number;
  merchantId: string;
  merchantCode: string;
  merchantName: string;
  regionId: string;
  regionCode: string;
  regionName: string;
  regionPath: string;
  /** What puts it into the period, as PostgreSQL writes it, with microseconds. */
  atText: string;
  at: Date;
}

/**
 * The things behind one number, newest first: the very conditions that counted them.
 * @param of `key`: of one group; `start`: of the step that begins then; null: of all
 */
export async function listCounted(
  db: Database,
  query: StatisticsQuery,
  measure: Measure,
  of: { key: string | null; start: string | null },
  page: { after: { at: string; id: string } | undefined; limit: number },
): Promise<CountedThing[]> {
  const { of: what, at, when } = DEFINITIONS[measure];
  const { from, to } = around(query.period);
  const task =
    what === 'task'
      ? sql`task.id as "taskId", task.number, task.state, false as "appealUpheld"`
      : sql`null::uuid as "taskId", null::text as number, finding.state, ${JOINED.confirmedWrongly} as "appealUpheld"`;
  const columns = sql`finding.id as "findingId", ${task}, finding.kind, finding.class,
    merchant.id as "merchantId", merchant.code as "merchantCode", merchant.name as "merchantName",
    region.id as "regionId", region.code as "regionCode", region.name as "regionName", region.path as "regionPath",
    ${what === 'task' ? sql`task.id` : sql`finding.id`} as thing, case when ${when(query.now)} then ${at} end as at`;
  const step =
    of.start === null || query.step === null
      ? sql`true`
      : sql`date_trunc(${sql.lit(query.step)}, day::timestamp)::date = ${of.start}::date`;
  const key = of.key === null ? sql`true` : sql`key = ${of.key}`;
  const after =
    page.after === undefined
      ? sql`true`
      : sql`(at, thing) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`;
  const { rows } = await sql<Omit<CountedThing, 'of'>>`
    select *, at::text as "atText" from (
      select *, (at at time zone time_zone)::date as day
      from (${facts(query, what, columns)} offset 0) as fact where at >= ${from} and at < ${to}
    ) as dated
    where day between ${query.period.from}::date and ${query.period.to}::date and ${step} and ${key} and ${after}
    order by at desc, thing desc
    limit ${page.limit}
  `.execute(db);
  return rows.map((row) => ({ of: what, ...row }));
}

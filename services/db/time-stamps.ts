import { sql } from 'kysely';
import type { Database } from './database.ts';

/** One end of a chain that an authority shall stamp. `hash`: hex, 32 bytes. */
export interface WantedTimeStamp {
  id: string;
  caseId: string;
  seq: number;
  hash: string;
  attempts: number;
}

/** Tries before it is given up, visibly: with the delays of the worker some eight days. */
const MOST_ATTEMPTS = 200;

/**
 * Wants a time stamp for every case with a task whose chain has grown since its last one. @param quietS seconds since the last
 * link: what happens together is stamped together @returns how many are new
 */
export async function wantTimeStamps(
  db: Database,
  now: Date,
  { quietS, limit }: { quietS: number; limit: number },
): Promise<number> {
  const { rows } = await sql`
    insert into case_time_stamp (case_id, seq, hash, next_at, created_at)
    select chain.case_id, chain.links, chain.hash, ${now}, ${now}
    from case_chain as chain
    join case_link as ending on ending.case_id = chain.case_id and ending.seq = chain.links
    where exists (select from task_finding where finding_id = chain.case_id)
      and ending.recorded_at <= clock_timestamp() - make_interval(secs => ${quietS})
      and not exists (
        select from case_time_stamp as stamp
        where stamp.case_id = chain.case_id and (stamp.seq = chain.links or stamp.state = 'pending')
      )
    order by chain.case_id limit ${limit}
    on conflict do nothing returning id
  `.execute(db);
  return rows.length;
}

/** Claims what is due. Should the claimer die, another takes it over after the lease. */
export async function claimTimeStamps(
  db: Database,
  now: Date,
  { limit, leaseS }: { limit: number; leaseS: number },
): Promise<WantedTimeStamp[]> {
  const { rows } = await sql<WantedTimeStamp>`
    with due as (
      select id from case_time_stamp where state = 'pending' and next_at <= ${now}
      order by next_at, id limit ${limit} for update skip locked
    )
    update case_time_stamp as stamp
      set attempts = attempts + 1, next_at = ${now}::timestamptz + make_interval(secs => ${leaseS})
      from due where stamp.id = due.id
    returning stamp.id, case_id as "caseId", seq, hash, attempts
  `.execute(db);
  return rows;
}

export async function keepTimeStamp(
  db: Database,
  id: string,
  stamp: { token: Buffer; at: Date; authority: string },
): Promise<void> {
  await db
    .updateTable('case_time_stamp')
    .set({
      state: 'stamped',
      token: stamp.token,
      stamped_at: stamp.at,
      authority: stamp.authority,
      last_error: null,
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute();
}

export async function postponeTimeStamp(
  db: Database,
  wanted: WantedTimeStamp,
  error: string,
  nextAt: Date,
): Promise<void> {
  const state = wanted.attempts >= MOST_ATTEMPTS ? ('dead' as const) : ('pending' as const);
  await db
    .updateTable('case_time_stamp')
    .set({ state, last_error: error.slice(0, 500), next_at: nextAt })
    .where('id', '=', wanted.id)
    .where('state', '=', 'pending')
    .execute();
}

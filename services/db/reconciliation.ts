/** Comparing a platform's list of cases with our tasks, healing what can be healed, and keeping what was found. */
import { type SqlBool, sql } from 'kysely';
import {
  type CaseHere,
  type CaseThere,
  compareCases,
  type Difference,
  type Healed,
} from '../domain/reconcile.ts';
import type { TaskReason } from '../domain/task-history.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { replayTasks } from './replays.ts';
import { keepTaskHistory } from './task-history.ts';
import { lockTask } from './task-record.ts';

/** The same state of a task is sent again this often; then a person is told instead. */
const MOST_RESENDS = 3;

/** Whose list it is, and which of our tasks it ought to name. */
export interface ListOwner {
  /** Where events are sent again; null: nothing can be. */
  webhookId: string | null;
  accountId: string | null;
  /** Empty: everywhere. */
  regionPath: string;
}

export interface CaseList {
  how: 'fetched' | 'posted';
  /** Tasks issued since then ought to be in it. */
  since: Date;
  /** The list is all that the platform has since then. */
  whole: boolean;
  cases: readonly CaseThere[];
}

/** A run begins: what another run of the same platform left unfinished had been cut off. */
export async function beginRun(
  tx: Tx,
  owner: ListOwner,
  list: Pick<CaseList, 'how' | 'since' | 'whole'>,
  now: Date,
): Promise<string> {
  await tx
    .updateTable('reconciliation')
    .set({ state: 'failed', error: 'cut off', finished_at: now })
    .where('state', '=', 'running')
    .where('webhook_id', 'is not distinct from', owner.webhookId)
    .where('account_id', 'is not distinct from', owner.accountId)
    .execute();
  const { id } = await tx
    .insertInto('reconciliation')
    .values({
      webhook_id: owner.webhookId,
      account_id: owner.accountId,
      how: list.how,
      state: 'running',
      region_path: owner.regionPath,
      since: list.since,
      whole: list.whole,
      started_at: now,
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function failRun(db: Database, id: string, error: string, now: Date): Promise<void> {
  await db
    .updateTable('reconciliation')
    .set({ state: 'failed', error: error.slice(0, 500), finished_at: now })
    .where('id', '=', id)
    .execute();
}

/** Compares, heals and writes the result, in one transaction. */
export async function finishRun(
  tx: Tx,
  id: string,
  owner: ListOwner,
  list: CaseList,
  now: Date,
): Promise<void> {
  const here = await casesHere(tx, owner, list);
  const { same, inFlight, differences } = compareCases(here, list.cases, list.whole);
  const before = await healedBefore(tx, owner, differences);
  const healings = differences.map((one) => ({ one, healed: healingOf(one, owner, before) }));
  const again = healings.flatMap(({ one: { here: task, there }, healed }) =>
    healed === 'sent_again' && task !== undefined ? [{ id: task.id, afterVersion: there?.version ?? 0 }] : [],
  );
  if (owner.webhookId !== null) await replayTasks(tx, { webhookId: owner.webhookId, tasks: again }, now);
  for (const { one, healed } of healings)
    if (healed === 'notice' && !before.has(keyOf('notice', one))) await tellPerson(tx, owner, one, now);
  for (const { one, healed } of healings)
    await tx
      .insertInto('reconciliation_difference')
      .values({
        reconciliation_id: id,
        number: one.number,
        task_id: one.here?.id ?? null,
        kind: one.kind,
        state_here: one.here?.state ?? null,
        version_here: one.here?.version ?? null,
        state_there: one.there?.state ?? null,
        version_there: one.there?.version ?? null,
        external_ref: one.there?.externalRef ?? null,
        healed,
      })
      .execute();
  await keepReferences(tx, owner, here, list.cases, now);
  await tx
    .updateTable('reconciliation')
    .set({
      state: 'done',
      cases: list.cases.length,
      same,
      in_flight: inFlight,
      differences: differences.length,
      healed: again.length,
      finished_at: now,
    })
    .where('id', '=', id)
    .execute();
}

/** Our tasks that the list ought to name, and those that it names. */
async function casesHere(tx: Tx, owner: ListOwner, list: CaseList): Promise<CaseHere[]> {
  const numbers = list.cases.map(({ number }) => number);
  const inRegion =
    owner.regionPath === ''
      ? sql<SqlBool>`true`
      : sql<SqlBool>`(region.path = ${owner.regionPath} or starts_with(region.path, ${`${owner.regionPath}.`}))`;
  const { rows } = await sql<CaseHere>`
    select task.id, task.number, task.state, task.version, exists (
      select from event join outbox on outbox.event_id = event.id
      where event.payload ? 'taskId' and event.payload ->> 'taskId' = task.id::text
        and outbox.webhook_id = ${owner.webhookId}::uuid and outbox.state = 'pending'
    ) as "inFlight"
    from task join region on region.id = task.region_id
    where ${inRegion} and (task.issued_at >= ${list.since} or task.number = any (${numbers}))
    order by task.number
  `.execute(tx);
  return rows;
}

const keyOf = (healed: Healed, { kind, number, here }: Difference): string =>
  `${healed} ${kind} ${number} ${here?.version ?? 0}`;

/** How often this very difference was healed before, by keyOf. */
async function healedBefore(
  tx: Tx,
  owner: ListOwner,
  differences: readonly Difference[],
): Promise<Map<string, number>> {
  const numbers = differences.map(({ number }) => number);
  const { rows } = await sql<{ key: string; times: number }>`
    select one.healed || ' ' || one.kind || ' ' || one.number || ' ' || coalesce(one.version_here, 0) as key,
           count(*)::integer as times
    from reconciliation_difference as one join reconciliation as run on run.id = one.reconciliation_id
    where one.number = any (${numbers})
      and run.webhook_id is not distinct from ${owner.webhookId}::uuid
      and run.account_id is not distinct from ${owner.accountId}::uuid
    group by 1
  `.execute(tx);
  return new Map(rows.map(({ key, times }) => [key, times]));
}

function healingOf(one: Difference, owner: ListOwner, before: ReadonlyMap<string, number>): Healed {
  switch (one.kind) {
    case 'missing_there':
    case 'behind_there':
      if (owner.webhookId === null) return 'none';
      return (before.get(keyOf('sent_again', one)) ?? 0) < MOST_RESENDS ? 'sent_again' : 'notice';
    case 'ahead_there':
    case 'closed_there':
      return 'notice';
    case 'unknown_here':
      return 'none';
  }
}

/** In the task's history, and for everyone who listens; the task itself stays as it is: a person decides. */
async function tellPerson(tx: Tx, owner: ListOwner, one: Difference, now: Date): Promise<void> {
  const task = one.here === undefined ? undefined : await lockTask(tx, one.here.id);
  if (task === undefined) return;
  const there = [one.there?.state ?? 'missing', one.there?.externalRef ?? ''].join(' ').trim();
  const reason: TaskReason = one.kind;
  const row = { task, command: 'platform_differs', actorId: owner.accountId, reason, note: there } as const;
  await keepTaskHistory(tx, row, now);
  await appendEvent(tx, {
    type: 'platform.differs',
    regionPath: task.region_path,
    merchantId: task.merchant_id,
    payload: {
      taskId: task.id,
      number: task.number,
      difference: one.kind,
      stateHere: task.state,
      stateThere: one.there?.state ?? null,
      externalRef: one.there?.externalRef ?? null,
    },
  });
}

/** The numbers that the platform gave our tasks. */
async function keepReferences(
  tx: Tx,
  { accountId }: ListOwner,
  here: readonly CaseHere[],
  there: readonly CaseThere[],
  now: Date,
): Promise<void> {
  if (accountId === null) return;
  const ids = new Map(here.map(({ id, number }) => [number, id]));
  const known = there.flatMap(({ number, externalRef }) => {
    const task = ids.get(number);
    return task === undefined || externalRef === undefined ? [] : [{ task, externalRef }];
  });
  await sql`
    insert into platform_case (task_id, account_id, external_ref, received_at, updated_at)
    select id, ${accountId}::uuid, ref, ${now}, ${now}
    from unnest(${known.map(({ task }) => task)}::uuid[], ${known.map(({ externalRef }) => externalRef)}::text[]) as one (id, ref)
    on conflict (task_id, account_id) do update
      set external_ref = excluded.external_ref, received_at = coalesce(platform_case.received_at, excluded.received_at),
          updated_at = excluded.updated_at
      where platform_case.external_ref is distinct from excluded.external_ref
  `.execute(tx);
}

export const selectRuns = (db: Database) =>
  db
    .selectFrom('reconciliation as run')
    .leftJoin('webhook', 'webhook.id', 'run.webhook_id')
    .leftJoin('account', 'account.id', 'run.account_id')
    .selectAll('run')
    .select([
      sql<string>`run.started_at::text`.as('started_at_text'),
      'webhook.name as webhook_name',
      'account.username',
    ]);

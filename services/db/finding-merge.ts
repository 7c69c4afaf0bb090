import { sql } from 'kysely';
import { type MergeFacts, type MergeRefusal, mergeRefusal } from '../domain/cases.ts';
import type { TaskReason } from '../domain/task-history.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { changeTask } from './task-change.ts';
import { recurFromFamily } from './task-recheck.ts';
import { lockTask } from './task-record.ts';
import { type LockedFinding, lockFinding } from './verdicts.ts';

export interface MergeCommand {
  /** The finding that stays, and the version that was looked at. */
  into: { id: string; version: number };
  /** Those that become part of it. */
  findings: { id: string; version: number }[];
  actorId: string;
  note: string;
}

export type MergeResult =
  | { done: true; intoId: string; merged: string[]; version: number }
  | {
      done: false;
      /** The finding that it is about. */
      findingId: string;
      why: MergeRefusal | 'not_found' | 'changed' | 'itself' | 'not_merged';
      state?: string;
      version?: number;
    };

/**
 * 合并: several findings of one merchant and kind become one; all of them or none. Evidence and looks stay recorded for the
 * finding they came with and are read together (finding-family.ts), so that a split gives back exactly what was merged. The
 * fingerprint of each stays: a look that would join a merged finding joins what it was merged into (same file).
 */
export async function mergeFindings(tx: Tx, command: MergeCommand, now: Date): Promise<MergeResult> {
  const ids = [command.into.id, ...command.findings.map(({ id }) => id)];
  // In a fixed order, so that two merges never wait for each other.
  const locked = new Map<string, LockedFinding>();
  for (const id of [...new Set(ids)].sort()) {
    const finding = await lockFinding(tx, id);
    if (finding !== undefined) locked.set(id, finding);
  }
  for (const { id, version } of [command.into, ...command.findings]) {
    const finding = locked.get(id);
    if (finding === undefined) return { done: false, findingId: id, why: 'not_found' };
    const here = { state: finding.state, version: finding.version };
    if (finding.version !== version) return { done: false, findingId: id, why: 'changed', ...here };
  }
  const into = locked.get(command.into.id);
  if (into === undefined) return { done: false, findingId: command.into.id, why: 'not_found' };
  const intoFacts = await factsOf(tx, into);
  const sources: { finding: LockedFinding; facts: Facts }[] = [];
  for (const { id } of command.findings) {
    const finding = locked.get(id);
    if (finding === undefined || id === into.id) return { done: false, findingId: id, why: 'itself' };
    const facts = await factsOf(tx, finding);
    const why = mergeRefusal(intoFacts, facts);
    if (why !== undefined)
      return { done: false, findingId: id, why, state: finding.state, version: finding.version };
    sources.push({ finding, facts });
  }
  let target = into;
  for (const { finding, facts } of sources) {
    await withdrawTask(tx, facts, target, command, now);
    target = await mergeOne(tx, target, finding, command, now);
  }
  // Confirmed with it: what they show again in their own places is found again.
  const task = intoFacts.taskId === null ? undefined : await lockTask(tx, intoFacts.taskId);
  if (task !== undefined && task.state !== 'withdrawn')
    await recurFromFamily(tx, into.id, { id: task.id, number: task.number }, command.actorId, now);
  return {
    done: true,
    intoId: into.id,
    merged: sources.map(({ finding }) => finding.id),
    version: target.version,
  };
}

type Facts = MergeFacts & { taskId: string | null };

async function factsOf(tx: Tx, finding: LockedFinding): Promise<Facts> {
  const { rows } = await sql<{ id: string }>`
    select task_id as id from task_finding where finding_id = ${finding.id} and released_at is null
  `.execute(tx);
  const taskId = rows[0]?.id ?? null;
  const task = taskId === null ? undefined : await lockTask(tx, taskId);
  const { count } = await tx
    .selectFrom('task_finding')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('task_id', '=', taskId)
    .where('released_at', 'is', null)
    .executeTakeFirstOrThrow();
  return {
    merchantId: finding.merchant_id,
    kind: finding.kind,
    class: finding.class,
    state: finding.state,
    taskId,
    task:
      task === undefined
        ? null
        : { state: task.state, acknowledged: task.acknowledged_at !== null, findings: Number(count) },
  };
}

/** The merged finding's own task is not answered any more: the target's is. */
async function withdrawTask(
  tx: Tx,
  facts: Facts,
  into: LockedFinding,
  command: MergeCommand,
  now: Date,
): Promise<void> {
  const task = facts.taskId === null ? undefined : await lockTask(tx, facts.taskId);
  if (task === undefined) return;
  if (task.state !== 'withdrawn') {
    const number = await tx
      .selectFrom('task_finding')
      .innerJoin('task', 'task.id', 'task_finding.task_id')
      .select('task.number')
      .where('task_finding.finding_id', '=', into.id)
      .where('released_at', 'is', null)
      .executeTakeFirst();
    const order = {
      command: 'withdraw',
      actorId: command.actorId,
      reason: 'merged' satisfies TaskReason,
      note: number?.number ?? '',
    } as const;
    await changeTask(tx, task, 'withdrawn', order, null, now);
  }
  await tx
    .updateTable('task_finding')
    .set({ released_at: now })
    .where('task_id', '=', task.id)
    .where('released_at', 'is', null)
    .execute();
}

async function mergeOne(
  tx: Tx,
  into: LockedFinding,
  one: LockedFinding,
  command: MergeCommand,
  now: Date,
): Promise<LockedFinding> {
  await tx
    .insertInto('finding_merge')
    .values({
      finding_id: one.id,
      into_id: into.id,
      count: one.count,
      into_last_seen: into.last_seen,
      into_score: into.score,
      merged_by: command.actorId,
      merged_at: now,
      split_by: null,
      split_at: null,
    })
    .execute();
  await tx
    .updateTable('finding')
    .set({ state: 'merged', merged_into: into.id, issue_at: null, version: one.version + 1 })
    .where('id', '=', one.id)
    .execute();
  const changes = {
    count: into.count + one.count,
    last_seen: new Date(Math.max(one.last_seen.getTime(), into.last_seen.getTime())),
    score: best(into.score, one.score),
    version: into.version + 1,
  };
  await tx.updateTable('finding').set(changes).where('id', '=', into.id).execute();
  await keepMergeHistory(tx, one, 'merged', 'merge', into.id, command, now);
  await keepMergeHistory(tx, into, into.state, 'take_in', one.id, command, now);
  await appendEvent(tx, {
    type: 'finding.merged',
    regionPath: one.region_path,
    merchantId: one.merchant_id,
    payload: {
      findingId: one.id,
      intoId: into.id,
      kind: one.kind,
      before: { state: one.state },
      after: { state: 'merged' },
      count: changes.count,
      note: command.note,
    },
  });
  return { ...into, ...changes };
}

const best = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

export async function keepMergeHistory(
  tx: Tx,
  finding: LockedFinding,
  to: string,
  command: 'merge' | 'take_in' | 'split' | 'give_back',
  otherId: string,
  by: { actorId: string; note: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: finding.id,
      from_state: finding.state,
      to_state: to,
      actor_id: by.actorId,
      command,
      reason: `${command}:${otherId}`,
      note: by.note,
      at: now,
    })
    .execute();
}

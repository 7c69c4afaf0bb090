import { sql } from 'kysely';
import { writeNotice } from '../../domain/notice-text.ts';
import { buzzerEnds, decideNotification, groupDue, type NotifyPolicy } from '../../domain/notify.ts';
import type { TaskClass } from '../../domain/words.ts';
import type { Database, Tx } from '../database.ts';
import { loadNotifyPolicies } from './policy.ts';
import { lockWaiting, type WaitingItem } from './waiting.ts';

const GROUPS_AT_ONCE = 200;

interface Group {
  targetId: string;
  groupKey: string;
}

/**
 * Gathers what is due: siblings for one address become one message, written now. What was acknowledged, settled or may not be
 * read any more is dropped with its reason; what falls into quiet hours waits. Each group is a transaction of its own, so that
 * a process that dies has gathered a group wholly or not at all.
 * @returns messages made
 */
export async function gatherDue(db: Database, now: Date, baseUrl: string): Promise<number> {
  const groups = await sql<Group>`
    select target_id as "targetId", group_key as "groupKey" from notification
    where state = 'waiting' and due_at <= ${now}
    group by target_id, group_key order by min(due_at) limit ${GROUPS_AT_ONCE}
  `.execute(db);
  if (groups.rows.length === 0) return 0;
  const policyOf = await loadNotifyPolicies(db);
  let made = 0;
  for (const group of groups.rows) {
    made += await db
      .transaction()
      .execute(async (tx) => await gatherGroup(tx, group, { now, baseUrl, policyOf }));
  }
  return made;
}

interface Round {
  now: Date;
  baseUrl: string;
  policyOf: (regionPath: string) => NotifyPolicy;
}

async function gatherGroup(tx: Tx, group: Group, { now, baseUrl, policyOf }: Round): Promise<number> {
  // Two processes would else make two messages of one group.
  const lock = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`notify|${group.targetId}|${group.groupKey}`}, 0)) as mine
  `.execute(tx);
  if (lock.rows[0]?.mine !== true) return 0;
  const items = await lockWaiting(tx, group, policyOf);
  const ready: WaitingItem[] = [];
  for (const item of items) {
    const decision = decideNotification(item.facts, now);
    if (decision.does === 'send') ready.push(item);
    else if (decision.does === 'hold') await wait(tx, [item.id], decision.until, decision.reason);
    else await drop(tx, item.id, decision.reason);
  }
  const [first] = ready;
  if (first === undefined) return 0;
  const taskClass = Math.min(...ready.map(({ facts }) => facts.class)) as TaskClass;
  const policy = policyOf(first.regionPath);
  const due = groupDue(
    { firstAt: first.facts.createdAt, class: taskClass, lastAt: await lastOf(tx, group) },
    policy,
  );
  if (due > now && first.facts.topic !== 'test') {
    await wait(
      tx,
      ready.map(({ id }) => id),
      due,
      'group',
    );
    return 0;
  }
  const { id } = await tx
    .insertInto('message')
    .values({
      target_id: group.targetId,
      channel: first.facts.channel,
      group_key: group.groupKey,
      class: taskClass,
      content: JSON.stringify(
        writeNotice(
          ready.map(({ notice }) => notice),
          first.facts.habits.language,
          baseUrl,
        ),
      ),
      count: ready.length,
      next_at: now,
      expires_at:
        first.facts.channel === 'gateway' && first.facts.topic !== 'test' ? buzzerEnds(first.facts) : null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('notification')
    .set({ state: 'gathered', message_id: id, reason: '' })
    .where(
      'id',
      'in',
      ready.map((item) => item.id),
    )
    .execute();
  return 1;
}

async function lastOf(tx: Tx, group: Group): Promise<Date | null> {
  const row = await tx
    .selectFrom('message')
    .select('created_at')
    .where('target_id', '=', group.targetId)
    .where('group_key', '=', group.groupKey)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.created_at ?? null;
}

async function wait(tx: Tx, ids: string[], until: Date, reason: string): Promise<void> {
  await tx.updateTable('notification').set({ due_at: until, reason }).where('id', 'in', ids).execute();
}

async function drop(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.updateTable('notification').set({ state: 'dropped', reason }).where('id', '=', id).execute();
}

/** When the next notification falls due; undefined when none waits. */
export async function nextToGather(db: Database): Promise<Date | undefined> {
  const row = await db
    .selectFrom('notification')
    .where('state', '=', 'waiting')
    .select((eb) => eb.fn.min<Date | null>('due_at').as('due'))
    .executeTakeFirst();
  return row?.due ?? undefined;
}

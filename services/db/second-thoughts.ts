import { UNDO_MS } from '../domain/cases.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { type LockedFinding, lockFinding } from './verdicts.ts';

export interface ReopenCommand {
  findingId: string;
  actorId: string;
  version: number;
  note: string;
}

export type ReopenResult =
  | { done: true }
  | {
      done: false;
      why: 'not_found' | 'changed' | 'not_judged' | 'not_yours' | 'too_late';
      state?: string;
      version?: number;
    };

/**
 * Takes a verdict back within a short time, by the one who gave it. A confirmed finding's task is not issued yet then, so the
 * merchant never hears of it; afterwards the task has to be withdrawn.
 */
export async function undoVerdict(
  db: Database,
  command: Omit<ReopenCommand, 'note'>,
  now: Date,
  undoMs = UNDO_MS,
): Promise<ReopenResult> {
  return await db.transaction().execute(async (tx) => {
    const finding = await lockFinding(tx, command.findingId);
    if (finding === undefined) return { done: false, why: 'not_found' };
    const here = { state: finding.state, version: finding.version };
    if (command.version !== finding.version) return { done: false, why: 'changed', ...here };
    if (finding.state !== 'confirmed' && finding.state !== 'dismissed')
      return { done: false, why: 'not_judged', ...here };
    if (finding.verdict_by !== command.actorId) return { done: false, why: 'not_yours', ...here };
    const until = undoUntil(finding, undoMs);
    if (until === null || now >= until) return { done: false, why: 'too_late', ...here };
    await putBack(tx, finding, { ...command, note: '' }, 'undo', now);
    return { done: true };
  });
}

/** Until when a verdict can be undone; null: it cannot. */
export function undoUntil(
  finding: Pick<LockedFinding, 'state' | 'issue_at' | 'verdict_at'>,
  undoMs: number,
): Date | null {
  if (finding.state === 'confirmed') return finding.issue_at;
  if (finding.state !== 'dismissed' || finding.verdict_at === null) return null;
  return new Date(finding.verdict_at.getTime() + undoMs);
}

/** 重新核查: a dismissed finding, or one that expired unjudged, is judged anew. */
export async function reopenFinding(db: Database, command: ReopenCommand, now: Date): Promise<ReopenResult> {
  return await db.transaction().execute(async (tx) => {
    const finding = await lockFinding(tx, command.findingId);
    if (finding === undefined) return { done: false, why: 'not_found' };
    const here = { state: finding.state, version: finding.version };
    if (command.version !== finding.version) return { done: false, why: 'changed', ...here };
    if (finding.state !== 'dismissed' && finding.state !== 'expired')
      return { done: false, why: 'not_judged', ...here };
    await putBack(tx, finding, command, 'reopen', now);
    return { done: true };
  });
}

async function putBack(
  tx: Tx,
  finding: LockedFinding,
  command: ReopenCommand,
  how: 'undo' | 'reopen',
  now: Date,
): Promise<void> {
  await tx
    .updateTable('finding')
    .set({
      state: 'pending_review',
      verdict_by: null,
      verdict_at: null,
      verdict_reason: null,
      verdict_note: null,
      verdict_class: null,
      issue_at: null,
      reopens: finding.reopens + (how === 'reopen' ? 1 : 0),
      version: finding.version + 1,
    })
    .where('id', '=', finding.id)
    .execute();
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: finding.id,
      from_state: finding.state,
      to_state: 'pending_review',
      actor_id: command.actorId,
      command: how,
      reason: how === 'undo' ? 'undone' : 'reopened',
      note: command.note,
      at: now,
    })
    .execute();
  // Platforms were told of a dismissal, but not yet of a confirmation that is undone.
  const told = finding.state !== 'confirmed';
  await appendEvent(tx, {
    type: told ? 'finding.reopened' : 'finding.judged',
    regionPath: finding.region_path,
    merchantId: finding.merchant_id,
    payload: {
      findingId: finding.id,
      kind: finding.kind,
      before: { state: finding.state },
      after: { state: 'pending_review' },
      reason: how === 'undo' ? 'undone' : 'reopened',
      note: command.note,
    },
  });
}

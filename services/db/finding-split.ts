import { sql } from 'kysely';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { keepMergeHistory, type MergeResult } from './finding-merge.ts';
import { type LockedFinding, lockFinding } from './verdicts.ts';

/** 拆分: the finding stands for itself again and waits for a verdict of its own; looks that came since stay where they went. */
export async function splitFinding(
  tx: Tx,
  command: { finding: { id: string; version: number }; actorId: string; note: string },
  now: Date,
): Promise<MergeResult> {
  const { id, version } = command.finding;
  const refused = (why: 'not_found' | 'changed' | 'not_merged', more = {}): MergeResult => ({
    done: false,
    findingId: id,
    why,
    ...more,
  });
  const known = await tx.selectFrom('finding').select('merged_into').where('id', '=', id).executeTakeFirst();
  if (known === undefined) return refused('not_found');
  const locked = new Map<string, LockedFinding>();
  for (const one of [id, known.merged_into].filter((each) => each !== null).sort()) {
    const finding = await lockFinding(tx, one);
    if (finding !== undefined) locked.set(one, finding);
  }
  const finding = locked.get(id);
  if (finding === undefined) return refused('not_found');
  const here = { state: finding.state, version: finding.version };
  const into = finding.merged_into === null ? undefined : locked.get(finding.merged_into);
  if (finding.version !== version) return refused('changed', here);
  const merge = await tx
    .selectFrom('finding_merge')
    .selectAll()
    .where('finding_id', '=', id)
    .where('split_at', 'is', null)
    .executeTakeFirst();
  if (into === undefined || merge === undefined) return refused('not_merged', here);
  await tx
    .updateTable('finding_merge')
    .set({ split_at: now, split_by: command.actorId })
    .where('id', '=', merge.id)
    .execute();
  await tx
    .updateTable('finding')
    .set({
      state: 'pending_review',
      merged_into: null,
      verdict_by: null,
      verdict_at: null,
      verdict_reason: null,
      verdict_note: null,
      verdict_class: null,
      version: finding.version + 1,
    })
    .where('id', '=', id)
    .execute();
  const left = await seenWithout(tx, into, merge.into_last_seen);
  await tx
    .updateTable('finding')
    .set({ count: Math.max(1, into.count - merge.count), ...left, version: into.version + 1 })
    .where('id', '=', into.id)
    .execute();
  await keepMergeHistory(tx, finding, 'pending_review', 'split', into.id, command, now);
  await keepMergeHistory(tx, into, into.state, 'give_back', id, command, now);
  await appendEvent(tx, {
    type: 'finding.split',
    regionPath: finding.region_path,
    merchantId: finding.merchant_id,
    payload: {
      findingId: id,
      intoId: into.id,
      kind: finding.kind,
      before: { state: 'merged' },
      after: { state: 'pending_review' },
      note: command.note,
    },
  });
  return { done: true, intoId: into.id, merged: [], version: into.version + 1 };
}

/** When the rest of a merged finding was seen last: by its own pictures, and by what is still merged into it. */
async function seenWithout(tx: Tx, into: LockedFinding, before: Date): Promise<{ last_seen: Date }> {
  const { rows } = await sql<{ at: Date | null }>`
    select greatest(
      (select max(captured_at) from evidence where finding_id = ${into.id} and kind = 'frame'),
      (select max(last_seen) from finding where merged_into = ${into.id})
    ) as at
  `.execute(tx);
  const at = rows[0]?.at ?? null;
  return { last_seen: at !== null && at > before ? at : before };
}

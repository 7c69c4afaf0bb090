import { sql } from 'kysely';
import type { Static } from 'typebox';
import { loadExports } from '../../db/case-exports.ts';
import { type CaseRecord, caseMembers } from '../../db/cases.ts';
import { heldAmong, loadHolds } from '../../db/holds.ts';
import type { ApiContext } from '../context.ts';
import type { CasePage } from '../schemas/case.ts';

/** What is known of a case as a thing that must be kept and proven. */
export async function casePage({ db }: ApiContext, found: CaseRecord): Promise<Static<typeof CasePage>> {
  const [members, held, holds, exports, chain, items, stamps] = await Promise.all([
    caseMembers(db, found.id),
    heldAmong(db, [found.id]),
    loadHolds(db, found.id),
    loadExports(db, found.id),
    db.selectFrom('case_chain').select(['links', 'hash']).where('case_id', '=', found.id).executeTakeFirst(),
    sql<{ source: string; count: number }>`
      select source, count(*)::int as count from case_link where case_id = ${found.id} group by source order by source
    `.execute(db),
    db
      .selectFrom('case_time_stamp')
      .select(['seq', 'state', 'stamped_at', 'authority', 'last_error'])
      .where('case_id', '=', found.id)
      .orderBy('seq', 'desc')
      .execute(),
  ]);
  const { taskId, taskNumber, taskState } = found;
  return {
    id: found.id,
    state: found.state,
    task:
      taskId === null || taskNumber === null || taskState === null
        ? null
        : { id: taskId, number: taskNumber, state: taskState },
    phase: found.phase,
    members,
    chain: chain ?? { links: 0, hash: '0'.repeat(64) },
    items: items.rows,
    held: held.has(found.id),
    holds: holds.map((hold) => ({
      reason: hold.reason,
      placedAt: hold.placed_at.toISOString(),
      placedBy: hold.placed_username,
      liftedAt: hold.lifted_at?.toISOString() ?? null,
      liftedBy: hold.lifted_username,
      liftReason: hold.lift_reason,
    })),
    exports: exports.map((one) => ({
      id: one.id,
      at: one.at.toISOString(),
      by: one.username,
      purpose: one.purpose,
      keyId: one.key_id,
      manifestSha256: one.manifest_sha256,
      finishedAt: one.finished_at?.toISOString() ?? null,
    })),
    timeStamps: stamps.map((stamp) => ({
      seq: stamp.seq,
      state: stamp.state,
      stampedAt: stamp.stamped_at?.toISOString() ?? null,
      authority: stamp.authority,
      lastError: stamp.last_error,
    })),
  };
}

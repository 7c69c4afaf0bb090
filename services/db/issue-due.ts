import { sql } from 'kysely';
import type { Database } from './database.ts';
import { issueTask, lockFinding } from './verdicts.ts';

/** The task of this finding cannot be issued: nothing was written, and it is due as before. */
export class NotIssued extends Error {
  readonly findingId: string;
  constructor(findingId: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.findingId = findingId;
  }
}

/**
 * Issues the task of the next confirmed finding whose verdict can no longer be undone. The row's lock is the lease: another
 * worker skips it, an undo that came first has taken `issue_at` away.
 * @param aside ids of findings that are left alone for now, so that one that cannot be issued does not stand before the others
 * @returns undefined when none is due
 * @throws NotIssued
 */
export async function issueNext(
  db: Database,
  now: Date,
  aside: ReadonlySet<string> = new Set(),
): Promise<{ findingId: string; taskId: string } | undefined> {
  let tried: string | undefined;
  try {
    return await db.transaction().execute(async (tx) => {
      const due = await tx
        .selectFrom('finding')
        .select('id')
        .where('issue_at', '<=', now)
        .where((eb) => eb.not(eb('id', '=', eb.fn.any(eb.val([...aside])))))
        .orderBy('class')
        .orderBy('issue_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      tried = due?.id;
      const finding = due === undefined ? undefined : await lockFinding(tx, due.id);
      if (finding === undefined) return undefined;
      await tx.updateTable('finding').set({ issue_at: null }).where('id', '=', finding.id).execute();
      return { findingId: finding.id, taskId: await issueTask(tx, finding, finding.verdict_by, now) };
    });
  } catch (error) {
    throw tried === undefined ? error : new NotIssued(tried, error);
  }
}

/**
 * The auditor of issuing: confirmed findings that nobody has a task for although it was due `graceS` seconds ago. It goes by
 * what is there (state, tasks), not by what the worker goes by.
 */
export async function auditIssues(db: Database, now: Date, graceS: number): Promise<{ findingId: string }[]> {
  const { rows } = await sql<{ findingId: string }>`
    select finding.id as "findingId" from finding
    where finding.state = 'confirmed' and finding.verdict_at < ${now}::timestamptz - make_interval(secs => ${graceS})
      and not exists (select from task_finding where finding_id = finding.id)
      and not exists (select from task where finding_id = finding.id)
    order by finding.verdict_at, finding.id
  `.execute(db);
  return rows;
}

/** What falls due beside the steps of tasks: tasks of confirmed findings, the check of history by night, the month's sample. */
import type { Logger } from 'pino';
import { auditIssues, issueNext } from '../../services/db/issue-due.ts';
import { monthlySample } from './monthly.ts';
import { nightlyCheck } from './nightly.ts';
import type { RoundContext } from './rounds.ts';

const MOST_A_ROUND = 500;

/** Issues tasks whose verdict can no longer be undone. @returns ids of the tasks */
export async function issueDue({ db, now }: RoundContext): Promise<string[]> {
  const issued: string[] = [];
  while (issued.length < MOST_A_ROUND) {
    const one = await issueNext(db, now());
    if (one === undefined) break;
    issued.push(one.taskId);
  }
  return issued;
}

/** One round; the audit names what the rounds before should have done. */
export async function caseRound(
  context: RoundContext,
  log: Pick<Logger, 'info' | 'error'>,
  audit: { graceS: number } | null,
): Promise<void> {
  for (const task of await issueDue(context)) log.info({ task }, 'confirmed: task issued');
  if (audit === null) return;
  const { db, now } = context;
  for (const { findingId } of await auditIssues(db, now(), audit.graceS))
    log.error({ finding: findingId }, 'confirmed, and no task was issued');
}

/** Milliseconds between rounds: how late a task may be issued after the time to undo. */
const EVERY_MS = 2_000;
const AUDIT_EVERY_MS = 60_000;
const AUDIT_GRACE_S = 60;

/** Runs the rounds for as long as the process lives, one at a time; an outage is logged and tried again. */
export function startCaseRounds(
  context: RoundContext,
  log: Pick<Logger, 'info' | 'error' | 'warn'>,
  nightHour: number,
  everyMs = EVERY_MS,
): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  let auditAt = 0;
  const round = async (): Promise<void> => {
    const audits = performance.now() >= auditAt;
    if (audits) auditAt = performance.now() + AUDIT_EVERY_MS;
    try {
      await caseRound(context, log, audits ? { graceS: AUDIT_GRACE_S } : null);
      if (audits) await nightlyCheck(context, log, nightHour);
      if (audits) await monthlySample(context, log);
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a round of cases failed, will be tried again');
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= round();
  }, everyMs);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/** What falls due beside the steps of tasks: tasks of confirmed findings, the check of history by night, the month's sample. */
import type { Logger } from 'pino';
import { auditIssues, issueNext, NotIssued } from '../../services/db/issue-due.ts';
import { monthlySample } from './monthly.ts';
import { nightlyCheck } from './nightly.ts';
import type { RoundContext } from './rounds.ts';

const MOST_A_ROUND = 500;

type Log = Pick<Logger, 'info' | 'error' | 'warn'>;

/**
 * Issues tasks whose verdict can no longer be undone.
 * @param aside findings that are left alone; one that cannot be issued is added, the others are issued all the same
 * @returns ids of the tasks, and what could not be issued
 */
export async function issueDue(
  { db, now }: RoundContext,
  aside = new Set<string>(),
): Promise<{ issued: string[]; failed: NotIssued[] }> {
  const issued: string[] = [];
  const failed: NotIssued[] = [];
  while (issued.length < MOST_A_ROUND) {
    try {
      const one = await issueNext(db, now(), aside);
      if (one === undefined) break;
      issued.push(one.taskId);
    } catch (error) {
      if (!(error instanceof NotIssued)) throw error;
      aside.add(error.findingId);
      failed.push(error);
    }
  }
  return { issued, failed };
}

/** What failed may have been a deadlock: once more in the next round, then when `failures` are forgotten. */
async function issueRound(context: RoundContext, log: Log, failures: Map<string, number>): Promise<void> {
  const twice = [...failures].filter(([, times]) => times > 1).map(([id]) => id);
  const { issued, failed } = await issueDue(context, new Set(twice));
  for (const { findingId } of failed) failures.set(findingId, (failures.get(findingId) ?? 0) + 1);
  for (const task of issued) log.info({ task }, 'confirmed: task issued');
  for (const { findingId: finding, message: error } of failed)
    log.error({ finding, error }, 'the task of a finding cannot be issued, will be tried again');
}

/** Names what the rounds before should have done. */
async function auditRound({ db, now }: RoundContext, log: Log, graceS: number): Promise<void> {
  for (const { findingId } of await auditIssues(db, now(), graceS))
    log.error({ finding: findingId }, 'confirmed, and no task was issued');
}

/** Milliseconds between rounds: how late a task may be issued after the time to undo. */
const EVERY_MS = 2_000;
/** Of the audit, and of trying again what could not be issued. */
const AUDIT_EVERY_MS = 60_000;
const AUDIT_GRACE_S = 60;

/**
 * Runs the rounds for as long as the process lives, one at a time; an outage is logged and tried again. No part of a round
 * waits for another to succeed: the audit is there for when issuing does not.
 */
export function startCaseRounds(
  context: RoundContext,
  log: Log,
  nightHour: number,
  everyMs = EVERY_MS,
): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  let auditAt = 0;
  const failures = new Map<string, number>();
  const part = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn({ error: (error as Error).message }, `${what} failed, will be tried again`);
    }
  };
  const round = async (): Promise<void> => {
    const audits = performance.now() >= auditAt;
    if (audits) {
      auditAt = performance.now() + AUDIT_EVERY_MS;
      failures.clear();
    }
    await part('issuing tasks', () => issueRound(context, log, failures));
    if (audits) {
      await part('the audit of issuing', () => auditRound(context, log, AUDIT_GRACE_S));
      await part('the check of history', () => nightlyCheck(context, log, nightHour));
      await part('the draw of the month', () => monthlySample(context, log));
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

import type { Logger } from 'pino';
import type { ServiceConfig } from '../../services/config/config.ts';
import { createLogger } from '../../services/config/logger.ts';
import { openDatabase } from '../../services/db/database.ts';
import { listen } from '../../services/db/listen.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { takeStep } from '../../services/db/task-steps.ts';
import { openStepQueue, type StepJob, startStepWorker } from '../../services/queue/step-queue.ts';
import { auditSteps } from './audit.ts';
import { startCaseRounds } from './case-rounds.ts';
import { type RoundContext, scheduleSteps, takeDueSteps } from './rounds.ts';
import { startSummingUp } from './sum-up.ts';

/** Milliseconds between audits, and how late (seconds) something must be for the auditor to report it. */
const AUDIT_EVERY_MS = 60_000;
const AUDIT_GRACE_S = 60;
/** Milliseconds of difference between clocks that a worker waits out with the job in hand. */
const EARLY_MS = 5_000;

export interface Deadlines {
  close(): Promise<void>;
}

/** Puts the deadline worker together and starts it. Any number may run at once: each step is taken once. */
export function startDeadlines(
  config: Pick<ServiceConfig, 'databaseUrl' | 'redisUrl' | 'logLevel' | 'nightHour'>,
  overrides: { log?: Logger; now?: () => Date; auditEveryMs?: number } = {},
): Deadlines {
  const log = overrides.log ?? createLogger('deadlines', config.logLevel);
  const now = overrides.now ?? (() => new Date());
  const database = openDatabase(config.databaseUrl, {
    max: 4,
    name: 'mingzao deadlines',
    onError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  });
  const connection = { redisUrl: config.redisUrl, databaseUrl: config.databaseUrl };
  const onError = (error: Error): void =>
    log.warn({ error: error.message }, 'queue trouble, will be tried again');
  const queue = openStepQueue(connection, onError);
  const context: RoundContext = { db: database.db, now };
  const closing = Promise.withResolvers<void>();
  let closed = false;

  const take = async ({ taskId, at }: StepJob): Promise<void> => {
    const early = at.getTime() - now().getTime();
    if (early > EARLY_MS) throw new Error(`a job came ${Math.round(early / 1000)} s before its time`);
    if (early > 0) await Promise.race([closing.promise, new Promise((done) => setTimeout(done, early))]);
    const step = await takeStep(database.db, taskId, now());
    if (step !== undefined) {
      const { number: task, step: what, late, level } = step;
      log.info({ task, step: what, late, level }, 'step taken');
    }
  };
  const cases = startCaseRounds(context, log, config.nightHour);
  const worker = startStepWorker(connection, take, onError);

  // One round at a time, and one more when it was asked for meanwhile.
  let wanted = { audit: false, any: false };
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    while (wanted.any && !closed) {
      const { audit } = wanted;
      wanted = { audit: false, any: false };
      try {
        await scheduleSteps(context, queue);
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'steps could not be scheduled, will be tried again');
      }
      if (audit) await runAudit();
    }
    working = undefined;
  };
  const runAudit = async (): Promise<void> => {
    try {
      const { faults, failed, queueAnswers } = await auditSteps(context, queue, AUDIT_GRACE_S);
      for (const { number: task, fault, expected, found } of faults)
        log.error({ task, fault, expected, found }, 'next step was neither scheduled nor done: repaired');
      for (const { number: task, message: error } of failed)
        log.error({ task, error }, 'the audit of a task failed, will be tried again');
      // What waits without a queue is done from the database.
      if (!queueAnswers)
        await takeDueSteps(context, ({ number: task, message: error }) =>
          log.error({ task, error }, 'the step of a task failed, will be tried again'),
        );
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'audit failed, will be tried again');
    }
  };
  const ask = (audit: boolean): void => {
    wanted = { audit: wanted.audit || audit, any: true };
    if (!closed) working ??= work();
  };
  const listener = listen(
    config.databaseUrl,
    ['mingzao_step'],
    () => ask(false),
    (error) => log.warn({ error: error.message }, 'listening broke, connecting again'),
  );
  const timer = setInterval(() => ask(true), overrides.auditEveryMs ?? AUDIT_EVERY_MS);
  ask(false);
  const sums = startSummingUp(database.db, log);
  const beating = startBeating(database.db, 'deadlines');
  return {
    async close() {
      closed = true;
      closing.resolve();
      clearInterval(timer);
      await listener.close();
      await sums.close();
      await worker.close();
      await cases.close();
      await working;
      await queue.close();
      await beating.close();
      await database.close();
    },
  };
}

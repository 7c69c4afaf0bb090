/**
 * The closed loop while everything is killed: `KILLS=50 npx vitest run tests/faults/loop.test.ts`, `SEED=…` for another row of kills.
 */
import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../services/db/database.ts';
import { createRandom } from '../../tools/county-year/random.ts';
import { checkAll } from './loop/check.ts';
import { startLoad } from './loop/load.ts';
import { startReceiver } from './loop/receiver.ts';
import { startLoopSystem } from './loop/system.ts';

/** So that CI stays short; 50 for the whole of it. */
const KILLS = Number(process.env.KILLS ?? 6);
const SEED = Number(process.env.SEED ?? 1);
/** Milliseconds between kills, from and to. */
const BETWEEN_MS = [400, 2_500] as const;
/** Share of the kills that hit what still starts again after the last one; the others wait until work went on. */
const WHILE_STARTING = 0.4;
/** Longest wait for that work, in milliseconds: a kill must come even when nothing works any more. */
const WORK_MS = 60_000;
/** Leases, delayed jobs and the auditor's round: everything that was cut off is done after this. */
const SETTLE_MS = 240_000;
/** With TEST_LOG set, says what happens while it happens. */
const progress = (line: string): void => {
  if (process.env.TEST_LOG) process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe.each([
  ['PostgreSQL', false],
  ['Redis', true],
])('with the queue on %s', (name, redis) => {
  test(`${KILLS} kills lose nothing, double nothing and leave no impossible state`, {
    timeout: 420_000 + KILLS * 10_000,
  }, async () => {
    const random = createRandom(SEED);
    const secret = randomBytes(24).toString('base64');
    const receiver = await startReceiver(secret);
    const system = await startLoopSystem(redis);
    const { db, close } = openDatabase(system.databaseUrl, { onError: () => {} });
    onTestFinished(() => close());
    progress('the system runs');
    const load = await startLoad(system, { url: receiver.url, secret }, createRandom(SEED + 1000).next);

    const work = (): number => load.reports.length + load.tally.done.length;
    const killed: Record<string, number> = {};
    for (let n = 0; n < KILLS; n += 1) {
      const [from, to] = BETWEEN_MS;
      const before = work();
      await pause(from + random.next() * (to - from));
      const latest = Date.now() + (random.next() < WHILE_STARTING ? 0 : WORK_MS);
      while (work() === before && Date.now() < latest) await pause(50);
      const target = system.targets[Math.floor(random.next() * system.targets.length)] ?? 'api';
      const pid = await system.kill(target);
      progress(
        `killed ${target} (${pid}), ${load.reports.length} reports, ${load.tally.done.length} commands`,
      );
      killed[target] = (killed[target] ?? 0) + 1;
    }
    await system.ready();
    await load.finish();
    progress('the load is over');

    const end = Date.now() + SETTLE_MS;
    const settled = async (): Promise<boolean> => {
      const [step, out, look, verdict] = await Promise.all([
        db
          .selectFrom('task')
          .select('id')
          .where('next_step_at', '<=', new Date(Date.now() + 30_000))
          .limit(1)
          .execute(),
        db.selectFrom('outbox').select('id').where('state', '=', 'pending').limit(1).execute(),
        db.selectFrom('look').select('id').where('state', '<>', 'decided').limit(1).execute(),
        db.selectFrom('finding').select('id').where('issue_at', 'is not', null).limit(1).execute(),
      ]);
      return [step, out, look, verdict].every((rows) => rows.length === 0);
    };
    while (Date.now() < end && !(await settled().catch(() => false))) {
      await load.judge();
      await pause(500);
    }
    progress('settled');

    const { done, requests, unanswered, repeated } = load.tally;
    const checked = await checkAll(db, { done, reports: load.reports }, receiver);
    const { faults, ...figures } = checked;
    console.log(
      `${name}, seed ${SEED}: killed ${JSON.stringify(killed)}; ${requests} requests, ${unanswered} unanswered, ` +
        `${repeated} commands sent again that were done; ${JSON.stringify(figures)}; faults ${faults.length}`,
    );
    expect(faults).toEqual([]);
    expect(Object.values(killed).reduce((sum, n) => sum + n, 0)).toBe(KILLS);
    expect(figures.tasks).toBeGreaterThan(KILLS / 2);
    expect(figures.repeated).toBeGreaterThan(0);
  });
});

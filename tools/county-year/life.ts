/** A year of findings and tasks through the very commands that people and workers give, on a clock that the year moves. */
import { createHash } from 'node:crypto';
import type { Database } from '../../services/db/database.ts';
import { recordFindings } from '../../services/db/findings.ts';
import { acceptLook } from '../../services/db/looks.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { dueTasks, takeStep } from '../../services/db/task-steps.ts';
import { confirmFinding, dismissFinding } from '../../services/db/verdicts.ts';
import { type Rule, STARTING_RULES } from '../../services/domain/rules.ts';
import { DISMISS_REASONS } from '../../services/domain/task.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { createAgenda } from './agenda.ts';
import type { Random } from './random.ts';
import type { Camera, County } from './registry.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Hours between two rounds of the deadline worker, which takes the steps that fell due meanwhile. */
const ROUND_H = 6;
const KINDS = [
  ['no_hat', 60],
  ['no_mask', 28],
  ['rodent', 12],
] as const;
/** The models changed in the middle of the year. */
const MODELS = [
  { name: 'head-attributes', version: '0.1.0', sha256: 'a1'.repeat(32) },
  { name: 'head-attributes', version: '0.2.0', sha256: 'a2'.repeat(32) },
] as const;
const RODENT_MODEL = { name: 'rodent', version: '0.1.0', sha256: 'b1'.repeat(32) } as const;
/** What share of verdicts is a dismissal, by kind: pipes and shadows look like rodents. */
const DISMISSED: Record<ViolationKind, number> = { no_hat: 0.09, no_mask: 0.14, rodent: 0.45 };

interface Year {
  db: Database;
  random: Random;
  county: County;
  from: Date;
  to: Date;
  findings: number;
}

/** @returns how much of what there is at the end */
export async function liveYear(year: Year): Promise<{ findings: number; tasks: number; commands: number }> {
  const { db, random, county, from, to } = year;
  const agenda = createAgenda();
  const done = { findings: 0, tasks: 0, commands: 0 };
  const lengthMs = to.getTime() - from.getTime();
  const hoursLater = (at: Date, hours: number) => new Date(at.getTime() + hours * HOUR_MS);
  const inspector = () => random.pick(county.inspectors);

  // A few kitchens are at fault again and again.
  const poor = county.cameras.filter((_, index) => index % 13 === 0);
  const anyCamera = (): Camera => random.pick(random.chance(0.35) ? poor : county.cameras);
  const atWork = (at: Date, kind: ViolationKind): Date => {
    const midnight = Math.floor((at.getTime() + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS;
    const hour =
      kind === 'rodent' ? 22 + random.next() * 6 : random.pick([10, 11, 16, 17, 18]) + random.next();
    return new Date(midnight + hour * HOUR_MS);
  };
  /** Planned ones give way to recurrences, so that the number stays. */
  let planned = year.findings;

  const plan = (camera: Camera, kind: ViolationKind, near: Date): void => {
    const at = atWork(near, kind);
    agenda.add(at, async () => {
      if (done.findings >= year.findings || at >= to) return;
      const id = await find(
        db,
        random,
        camera,
        kind,
        at,
        at < new Date(from.getTime() + lengthMs / 2) ? 0 : 1,
      );
      if (id === undefined) return plan(anyCamera(), kind, new Date(at.getTime() + DAY_MS));
      done.findings += 1;
      agenda.add(hoursLater(at, random.around(kind === 'rodent' ? 0.5 : 3, 1)), (now) =>
        judge(id, camera, kind, now),
      );
    });
  };

  const judge = async (findingId: string, camera: Camera, kind: ViolationKind, now: Date): Promise<void> => {
    const order = { findingId, actorId: inspector(), version: undefined, note: '' };
    done.commands += 1;
    if (random.chance(DISMISSED[kind])) {
      await dismissFinding(db, { ...order, reason: random.pick(DISMISS_REASONS) }, now);
      return;
    }
    const result = await confirmFinding(db, order, now);
    if (!result.done || result.taskId === null) return;
    done.tasks += 1;
    await answer(result.taskId, camera, kind, now);
  };

  const give = async (order: TaskOrder, now: Date): Promise<boolean> => {
    done.commands += 1;
    const result = await runTaskOrder(db, order, now);
    return result.done;
  };

  const answer = async (taskId: string, camera: Camera, kind: ViolationKind, issued: Date): Promise<void> => {
    const merchant = county.accountOf.get(camera.merchantId) ?? null;
    const late = random.chance(0.16);
    if (random.chance(0.02)) return; // nobody ever answers
    if (random.chance(0.012)) {
      agenda.add(hoursLater(issued, 30), (now) =>
        give({ taskId, command: 'transfer', actorId: inspector(), reason: '公安机关' }, now),
      );
      return;
    }
    agenda.add(hoursLater(issued, random.around(kind === 'rodent' ? 0.3 : 1.5, 0.6)), async (now) => {
      await give({ taskId, command: 'acknowledge', actorId: merchant }, now);
      if (random.chance(0.05)) return await appeal(now);
      submitLater(now, late ? random.around(120, 0.5) : random.around(kind === 'rodent' ? 10 : 26, 0.5));
    });

    const appeal = async (now: Date): Promise<void> => {
      await give(
        {
          taskId,
          command: 'appeal',
          actorId: merchant,
          answer: { type: 'appeal', text: '不属实', photoIds: [] },
        },
        now,
      );
      agenda.add(hoursLater(now, random.around(20, 0.5)), async (then) => {
        const upheld = random.chance(0.5);
        await give(
          { taskId, command: upheld ? 'uphold_appeal' : 'reject_appeal', actorId: inspector() },
          then,
        );
        if (!upheld) submitLater(then, random.around(26, 0.5));
      });
    };
    const submitLater = (now: Date, hours: number): void => {
      agenda.add(hoursLater(now, hours), async (then) => {
        const text = '已整改，全员佩戴';
        await give(
          {
            taskId,
            command: 'submit',
            actorId: merchant,
            answer: { type: 'submission', text, photoIds: [] },
          },
          then,
        );
        agenda.add(hoursLater(then, random.around(9, 0.7)), decide);
      });
    };
    const decide = async (now: Date): Promise<void> => {
      const decides = inspector();
      if (
        random.chance(0.12) &&
        (await give({ taskId, command: 'return', actorId: decides, note: '照片不清' }, now))
      )
        return submitLater(now, random.around(15, 0.4));
      if (!(await give({ taskId, command: 'close', actorId: decides, visited: true }, now))) return;
      if (!random.chance(0.11)) return;
      planned -= 1;
      plan(camera, kind, new Date(now.getTime() + random.whole(2, 34) * DAY_MS));
    };
  };

  for (let index = 0; index < year.findings; index += 1) {
    const camera = anyCamera();
    const kind = random.weighted(KINDS);
    const near = new Date(from.getTime() + random.next() * lengthMs);
    // A recurrence took its place.
    agenda.add(near, async () => {
      if (index < planned) plan(camera, kind, near);
    });
  }
  for (let at = from.getTime(); at < to.getTime(); at += ROUND_H * HOUR_MS) {
    agenda.add(new Date(at), async (now) => {
      for (const id of await dueTasks(db, now, 1000)) {
        if ((await takeStep(db, id, now)) !== undefined) done.commands += 1;
      }
    });
  }
  await agenda.run(to);
  return done;
}

/** A look that a rule confirmed. @returns undefined when it joined a finding that was there */
async function find(
  db: Database,
  random: Random,
  camera: Camera,
  kind: ViolationKind,
  at: Date,
  model: 0 | 1,
): Promise<string | undefined> {
  const record = await loadCamera(db, camera.id);
  const rule: Rule | undefined = STARTING_RULES.find((one) => one.kind === kind);
  if (record === undefined || rule === undefined) throw new Error(`no camera or no rule for ${kind}`);
  const hex = createHash('sha256').update(`${record.code} ${kind} ${at.toISOString()}`).digest('hex');
  const lookId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const stored = {
    key: `looks/${hex}`,
    sha256: hex,
    bytes: 60_000,
    at: at.toISOString(),
    width: 1280,
    height: 720,
  };
  const look = {
    id: lookId,
    cameraId: camera.id,
    source: 'mqtt',
    capturedAt: at,
    frames: [stored],
    gathering: false,
  } as const;
  await acceptLook(db, { ...look, frames: [stored] }, at);
  const recorded = await recordFindings(
    db,
    {
      lookId,
      camera: record,
      capturedAt: at,
      frames: [{ stored, detections: [] }],
      clip: null,
      models: [kind === 'rodent' ? RODENT_MODEL : MODELS[model]],
      confirmed: [{ rule, score: 0.6 + 0.4 * random.next() }],
    },
    new Date(at.getTime() + 20_000),
  );
  const one = recorded?.[0];
  return one?.isNew === true ? one.id : undefined;
}

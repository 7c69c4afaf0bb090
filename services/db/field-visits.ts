/** 到场核查: a visit with all that it says, in one transaction. What cannot follow any more is kept as a statement. */
import { randomUUID } from 'node:crypto';
import {
  followsFrom,
  type PlaceProblem,
  type StatedPlace,
  type StatedVisit,
  seenBefore,
  type VisitedTask,
  type VisitOutcome,
} from '../domain/field-visit.ts';
import { distanceM } from '../domain/geo.ts';
import type { TaskReason } from '../domain/task-history.ts';
import type { KindCode, TaskClass, TaskState } from '../domain/words.ts';
import { recordChange } from './audit.ts';
import type { Tx } from './database.ts';
import { keepPhotos, reportFinding, takePhotos } from './finding-reports.ts';
import { keepTaskHistory } from './task-history.ts';
import { runTaskOrderIn } from './task-life.ts';
import { lockTask, type TaskRecord } from './task-record.ts';
import { confirmIn } from './verdicts.ts';

export interface VisitPhoto {
  /** Of a report_photo of the visitor. */
  id: string;
  stated: StatedVisit;
}

interface Said {
  text: string;
  photos: VisitPhoto[];
}

export interface NewVisitRecord {
  merchantId: string;
  /** Of the merchant. */
  regionPath: string;
  actorId: string;
  visitedAt: Date;
  place: StatedPlace | null;
  placeProblem: PlaceProblem | null;
  note: string;
  /** Makes new findings count once. */
  key: string;
  tasks: (Said & { taskId: string; outcome: 'put_right' | 'not_put_right' })[];
  findings: (Said & { findingId: string; outcome: 'confirmed' | 'not_seen' })[];
  found: (Said & { kind: KindCode; class: TaskClass | null; zoneId: string; where: string })[];
}

/** What became of one thing that a visit says. `effect` empty: nothing followed; `why` says why not, where it might have. */
export interface VisitEffect {
  outcome: VisitOutcome;
  findingId: string;
  taskId: string | null;
  effect: string;
  why: string | null;
}

export interface VisitResult {
  visitId: string;
  items: VisitEffect[];
}

/** Part of a visit is not there: nothing of it is written. */
export class VisitRefused extends Error {
  readonly field: string;
  readonly why: 'unknown_photo' | 'unknown_kind';
  constructor(field: string, why: 'unknown_photo' | 'unknown_kind') {
    super(why);
    this.field = field;
    this.why = why;
  }
}

/** Writes all of it. @throws VisitRefused: a photograph or kind is not there, which must roll back the transaction */
export async function recordVisit(tx: Tx, visit: NewVisitRecord, now: Date): Promise<VisitResult> {
  await lockFindings(tx, visit);
  const row = await headOf(tx, visit);
  const { id: visitId } = await tx
    .insertInto('field_visit')
    .values({ ...row, merchant_id: visit.merchantId, note: visit.note, recorded_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordChange(tx, {
    entity: 'field_visit',
    entityId: visitId,
    to: 'recorded',
    actorId: visit.actorId,
    note: visit.note,
    at: now,
    place: { regionPath: visit.regionPath, merchantId: visit.merchantId },
  });
  const items: VisitEffect[] = [];
  const keep = async (done: VisitEffect & { itemId: string }, text: string): Promise<void> => {
    const { itemId, why: _, findingId, taskId, ...rest } = done;
    await tx
      .insertInto('field_visit_item')
      .values({
        ...row,
        ...rest,
        id: itemId,
        visit_id: visitId,
        finding_id: findingId,
        task_id: taskId,
        text,
        at: now,
      })
      .execute();
    items.push({ ...rest, findingId, taskId, why: done.why });
  };
  for (const [i, one] of visit.tasks.entries()) await keep(await seeTask(tx, visit, i, now), one.text);
  for (const [i, one] of visit.findings.entries()) await keep(await seeFinding(tx, visit, i, now), one.text);
  for (const [i, one] of visit.found.entries()) {
    const made = await report(tx, visit, { ...one, key: `found|${i}`, field: `found.${i}` }, now);
    await keep(
      { itemId: made.findingId, outcome: 'found', ...made, effect: 'confirmed', why: null },
      one.text,
    );
  }
  return { visitId, items };
}

/** Findings before tasks, by id: the order in which those who merge and issue lock them. */
async function lockFindings(tx: Tx, { tasks, findings }: NewVisitRecord): Promise<void> {
  const taskIds = tasks.map(({ taskId }) => taskId);
  await tx
    .selectFrom('finding')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('id', '=', eb.fn.any(eb.val(findings.map(({ findingId }) => findingId)))),
        eb(
          'id',
          'in',
          eb
            .selectFrom('task')
            .select('finding_id')
            .where('task.id', '=', eb.fn.any(eb.val(taskIds))),
        ),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** What visit and items say alike. */
async function headOf(tx: Tx, visit: NewVisitRecord) {
  const merchant = await tx
    .selectFrom('merchant')
    .select(['lat', 'lon'])
    .where('id', '=', visit.merchantId)
    .executeTakeFirstOrThrow();
  const { lat, lon } = merchant;
  const { place } = visit;
  return {
    account_id: visit.actorId,
    visited_at: visit.visitedAt,
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    accuracy_m: place?.accuracyM ?? null,
    place_problem: place === null ? visit.placeProblem : null,
    distance_m:
      place === null || lat === null || lon === null ? null : Math.round(distanceM(place, { lat, lon })),
  };
}

const statedOf = (photos: readonly VisitPhoto[]) => new Map(photos.map(({ id, stated }) => [id, stated]));

async function keepAsEvidence(
  tx: Tx,
  visit: NewVisitRecord,
  to: { findingId: string; lookId: string; field: string },
  photos: readonly VisitPhoto[],
): Promise<void> {
  const rows = await takePhotos(tx, { photoIds: photos.map(({ id }) => id), actorId: visit.actorId });
  if (rows === undefined) throw new VisitRefused(`${to.field}.photos`, 'unknown_photo');
  await keepPhotos(tx, { findingId: to.findingId, lookId: to.lookId, stated: statedOf(photos) }, rows);
}

async function seeTask(tx: Tx, visit: NewVisitRecord, index: number, now: Date) {
  const said = visit.tasks[index];
  const task = said && (await lockTask(tx, said.taskId));
  if (said === undefined || task === undefined) throw new Error('a task of a visit is gone');
  const itemId = randomUUID();
  const field = `tasks.${index}`;
  const { outcome } = said;
  const base = { itemId, outcome, findingId: task.finding_id, taskId: task.id };
  await noteVisit(tx, task, visit, said, now);
  const visited = {
    state: task.state,
    byPeople: task.by_people,
    submittedAt: task.submitted_at,
    closedAt: task.closed_at,
  };
  const command = followsFrom(outcome, visited, visit.visitedAt);
  if (command === 'recur') {
    const { kind, zone_id: zoneId, class: taskClass } = task;
    const text = said.text === '' ? visit.note : said.text;
    const again = {
      ...said,
      text,
      kind,
      zoneId,
      class: taskClass,
      where: '',
      key: `recur|${task.id}`,
      field,
    };
    // First, as what this person saw: the new finding's task would end it as found again.
    const order = {
      taskId: task.id,
      command,
      actorId: visit.actorId,
      reason: 'found_by_person' satisfies TaskReason,
      note: said.text,
    };
    const ran = await runTaskOrderIn(tx, { ...order, visited: true, recorded: true }, now);
    const { findingId: itemId, taskId: newTask } = await report(tx, visit, again, now);
    if (ran.done && newTask !== null) {
      await tx.updateTable('task').set({ recurred_as: newTask }).where('id', '=', task.id).execute();
      await tx.updateTable('task').set({ recurred_from: task.id }).where('id', '=', newTask).execute();
    }
    // Its photographs are evidence of the new finding.
    return { ...base, itemId, ...effectOf(ran) };
  }
  await keepAsEvidence(tx, visit, { findingId: task.finding_id, lookId: itemId, field }, said.photos);
  if (command === null) return { ...base, effect: '', why: whyNothing(outcome, visited, visit.visitedAt) };
  const reason: TaskReason = command === 'pass_recheck' ? 'seen_by_person' : 'field_visit';
  const order = { taskId: task.id, command, actorId: visit.actorId, reason, note: said.text };
  return { ...base, ...effectOf(await runTaskOrderIn(tx, { ...order, visited: true, recorded: true }, now)) };
}

function effectOf(ran: { done: true; state: TaskState } | { done: false; why: string }) {
  return ran.done ? { effect: ran.state, why: null } : { effect: '', why: ran.why };
}

/** Only what somebody might have expected to follow has a reason. */
function whyNothing(outcome: VisitOutcome, task: VisitedTask, visitedAt: Date): string | null {
  if (seenBefore(task, visitedAt)) return 'seen_before';
  if (outcome !== 'put_right') return null;
  return task.state === 'recheck_due' ? 'still_watched' : 'wrong_state';
}

/** The task's history has the visit, whatever follows. */
async function noteVisit(
  tx: Tx,
  task: TaskRecord,
  visit: NewVisitRecord,
  said: NewVisitRecord['tasks'][number],
  now: Date,
): Promise<void> {
  const { outcome: reason, text: note } = said;
  await keepTaskHistory(tx, { task, command: 'visit', actorId: visit.actorId, reason, note }, now);
}

async function seeFinding(tx: Tx, visit: NewVisitRecord, index: number, now: Date) {
  const said = visit.findings[index];
  if (said === undefined) throw new Error('no such finding');
  const itemId = randomUUID();
  const { findingId, outcome } = said;
  await keepAsEvidence(tx, visit, { findingId, lookId: itemId, field: `findings.${index}` }, said.photos);
  const base = { itemId, outcome, findingId };
  if (outcome === 'not_seen') return { ...base, taskId: null, effect: '', why: null };
  // Nothing to undo: somebody stood there.
  const command = { findingId, actorId: visit.actorId, version: undefined, note: said.text };
  const judged = await confirmIn(tx, command, now);
  if (!judged.done) return { ...base, taskId: null, effect: '', why: judged.state ?? judged.why };
  return { ...base, taskId: judged.taskId, effect: 'confirmed', why: null };
}

/** A new finding, confirmed: whoever reports it saw it. */
async function report(
  tx: Tx,
  visit: NewVisitRecord,
  found: NewVisitRecord['found'][number] & { key: string; field: string },
  now: Date,
): Promise<{ findingId: string; taskId: string | null }> {
  const reported = await reportFinding(
    tx,
    {
      source: 'field_visit',
      kind: found.kind,
      class: found.class,
      merchantId: visit.merchantId,
      zoneId: found.zoneId,
      cameraId: null,
      place: found.where,
      text: found.text,
      seenAt: visit.visitedAt,
      photoIds: found.photos.map(({ id }) => id),
      actorId: visit.actorId,
      key: `${visit.key}|${found.key}`,
      stated: statedOf(found.photos),
    },
    now,
  );
  if (!reported.done) {
    const photo = reported.why === 'unknown_photo';
    throw new VisitRefused(
      `${found.field}.${photo ? 'photos' : 'kind'}`,
      photo ? 'unknown_photo' : 'unknown_kind',
    );
  }
  const command = { findingId: reported.findingId, actorId: visit.actorId, version: undefined, note: '' };
  const judged = await confirmIn(tx, command, now);
  return { findingId: reported.findingId, taskId: judged.done ? judged.taskId : null };
}

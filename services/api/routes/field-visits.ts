import type { Static } from 'typebox';
import { type NewVisitRecord, recordVisit, VisitRefused } from '../../db/field-visits.ts';
import { once } from '../../db/request-keys.ts';
import { type Actor, may } from '../../domain/access.ts';
import { needsPhoto } from '../../domain/field-visit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { type FieldError, invalid, Problem } from '../problem.ts';
import { selectFindings } from '../queries/findings.ts';
import { merchantByCode, zoneByCode } from '../queries/refs.ts';
import { selectTasks } from '../queries/tasks.ts';
import { FieldVisited, NewFieldVisit } from '../schemas/field.ts';
import { OrderHeaders } from '../schemas/task-order.ts';

type Body = Static<typeof NewFieldVisit>;

/** Milliseconds that a phone's clock may be ahead; days that a visit may have waited for a line. */
const AHEAD_MS = 300_000;
const OLDEST_DAYS = 7;

/** 到场核查: recorded with time and place as the phone states them. */
export function fieldVisitRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.post(
    '/field/visits',
    {
      config: { access: 'task.visit' },
      schema: {
        tags: ['field'],
        summary:
          'Record a visit: what was seen of tasks and findings, and what was found; commands follow from it',
        description:
          'Takes an Idempotency-Key: sent again with the same key it is one visit. A task that changed meanwhile does not refuse the ' +
          'visit: what cannot follow any more stays as a statement, and `why` says so.',
        headers: OrderHeaders,
        body: NewFieldVisit,
        response: { 201: FieldVisited },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const now = context.now();
      checkTimes(body, now);
      checkPhotos(body);
      const key = String(request.headers['idempotency-key']);
      const visit = await visitOf(actor, body, key);
      const answer = await db
        .transaction()
        .execute((tx) =>
          once(tx, { accountId: actor.accountId, key, part: 'visit' }, ['field_visit', body], now, () =>
            recordVisit(tx, visit, now),
          ),
        )
        .catch((error: unknown) => {
          throw error instanceof VisitRefused ? refusal(error) : error;
        });
      if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
      const { result, repeated } = answer;
      if (repeated) reply.header('idempotency-replayed', 'true');
      return await reply.code(201).send({ id: result.visitId, repeated, items: result.items });
    },
  );

  /** What the body names, in the actor's scope and of this merchant. @throws Problem that names the field */
  async function visitOf(actor: Actor, body: Body, key: string): Promise<NewVisitRecord> {
    const merchant = await merchantByCode(db, actor, body.merchant, 'merchant', 'task.visit');
    const wrong: FieldError[] = [];
    for (const [i, { task }] of (body.tasks ?? []).entries()) {
      const row = await selectTasks(db).where('task.id', '=', task).executeTakeFirst();
      if (row?.merchant_id !== merchant.id || !may(actor, 'task.visit', row))
        wrong.push({ field: `tasks.${i}.task`, ...said('task_not_of_merchant') });
    }
    for (const [i, { finding }] of (body.findings ?? []).entries()) {
      const row = await selectFindings(db).where('finding.id', '=', finding).executeTakeFirst();
      if (row?.merchant_id !== merchant.id || !may(actor, 'task.visit', row))
        wrong.push({ field: `findings.${i}.finding`, ...said('finding_not_of_merchant') });
    }
    const [first, ...rest] = wrong;
    if (first !== undefined) throw invalid(first, ...rest);
    const found: NewVisitRecord['found'] = [];
    for (const { zone, kind, text, where = '', photos, class: taskClass } of body.found ?? []) {
      const { id: zoneId } = await zoneByCode(db, merchant.id, zone);
      found.push({
        kind,
        class: (taskClass as 1 | 2 | 3 | undefined) ?? null,
        zoneId,
        where,
        text,
        photos: photosOf(photos),
      });
    }
    return {
      merchantId: merchant.id,
      regionPath: merchant.regionPath,
      actorId: actor.accountId,
      visitedAt: new Date(body.visitedAt),
      place: body.place ?? null,
      placeProblem: body.place === undefined ? (body.placeProblem ?? 'unavailable') : null,
      note: body.note ?? '',
      key,
      tasks: (body.tasks ?? []).map(({ task, outcome, text = '', photos }) => ({
        taskId: task,
        outcome,
        text,
        photos: photosOf(photos),
      })),
      findings: (body.findings ?? []).map(({ finding, outcome, text = '', photos }) => ({
        findingId: finding,
        outcome,
        text,
        photos: photosOf(photos),
      })),
      found,
    };
  }
}

type Photos = NonNullable<Body['tasks']>[number]['photos'];

const photosOf = (photos: Photos) =>
  photos.map(({ id, takenAt, place }) => ({
    id,
    stated: { at: new Date(takenAt).toISOString(), place: place ?? null },
  }));

/** Every list of a body that has photographs. */
const saidOf = (body: Body) => [
  ...(body.tasks ?? []).map((one, i) => ({ field: `tasks.${i}`, outcome: one.outcome, photos: one.photos })),
  ...(body.findings ?? []).map((one, i) => ({
    field: `findings.${i}`,
    outcome: one.outcome,
    photos: one.photos,
  })),
  ...(body.found ?? []).map((one, i) => ({
    field: `found.${i}`,
    outcome: 'found' as const,
    photos: one.photos,
  })),
];

/** @throws Problem that names the field */
function checkTimes(body: Body, now: Date): void {
  const times = [
    { field: 'visitedAt', at: body.visitedAt },
    ...saidOf(body).flatMap(({ field, photos }) =>
      photos.map(({ takenAt }, i) => ({ field: `${field}.photos.${i}.takenAt`, at: takenAt })),
    ),
  ];
  for (const { field, at } of times) {
    const age = now.getTime() - Date.parse(at);
    if (age < -AHEAD_MS) throw invalid({ field, ...said('in_the_future') });
    if (age > OLDEST_DAYS * 86_400_000)
      throw invalid({ field, ...said('too_many_days_ago', { days: OLDEST_DAYS }) });
  }
}

/** What ends something shows it; a photograph belongs to one thing. @throws Problem that names the field */
function checkPhotos(body: Body): void {
  const parts = saidOf(body);
  if (parts.length === 0 && (body.note ?? '').trim() === '')
    throw invalid({ field: 'note', ...said('say_what_was_seen') });
  const ids = new Set<string>();
  for (const { field, outcome, photos } of parts) {
    if (needsPhoto(outcome) && photos.length === 0)
      throw invalid({ field: `${field}.photos`, ...said('outcome_needs_photo', { outcome }) });
    for (const { id } of photos) {
      if (ids.has(id)) throw invalid({ field: `${field}.photos`, ...said('photo_used_twice') });
      ids.add(id);
    }
  }
}

function refusal({ field, why }: VisitRefused): Problem {
  const what = said(why === 'unknown_photo' ? 'photo_not_for_report' : 'kind_off');
  return new Problem('invalid-request', said('part_of_visit_gone'), {
    errors: [{ field, ...what }],
    extra: { why },
  });
}

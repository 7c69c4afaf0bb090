import { type Static, Type } from 'typebox';
import { leastObserved, observedByCameras } from '../../db/recheck-cameras.ts';
import { runTaskOrder } from '../../db/task-life.ts';
import { lockTask, policyOf } from '../../db/task-record.ts';
import { type Actor, may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { TaskReason } from '../../domain/task-history.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { freshTaskPage } from '../queries/task-page.ts';
import { selectTasks } from '../queries/tasks.ts';
import {
  ById,
  Closed,
  KindCode,
  MerchantRef,
  Nullable,
  Page,
  pageQuery,
  ShortCode,
  TaskClass,
  TaskState,
  Time,
  Uuid,
} from '../schemas/common.ts';
import { Ordered, OrderHeaders } from '../schemas/task-order.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['tasks'];
const PLACE = { regionPath: 'region.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };

const Recheck = Type.Object(
  {
    taskId: Uuid,
    number: Type.String(),
    state: TaskState,
    kind: KindCode,
    class: TaskClass,
    merchant: MerchantRef,
    closedAt: Nullable(Time),
    until: Nullable(Time),
    /** When it falls due; of one by people: when the inspectors are told that nobody has looked. null: they were, or it is over. */
    dueAt: Nullable(Time),
    /** People look: a drawn task of class 3, or one that could not be observed enough. */
    byPeople: Type.Boolean(),
    /** Class 3: drawn or not, its place in the row of its county, and the seed that decided: for the office alone, else null. */
    sampled: Nullable(Type.Boolean()),
    sampleNo: Nullable(Type.Integer()),
    sampleSeed: Nullable(Type.String()),
    prolongations: Type.Integer(),
    /** As counted when it last fell due. */
    observedMin: Nullable(Type.Integer()),
    neededMin: Type.Integer(),
    /** Seconds between looks, at most, while it runs. */
    lookIntervalS: Type.Integer(),
    /** The task that ended it as recurred. */
    recurredAs: Nullable(Uuid),
    version: Type.Integer(),
  },
  { title: 'Recheck' },
);
const RecheckQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(Type.Enum(['recheck_due', 'recheck_passed', 'recurred', 'closed'])),
    byPeople: Type.Optional(Type.Boolean()),
    region: Type.Optional(ShortCode),
  },
  Closed,
);
const Observed = Type.Object(
  {
    at: Time,
    /** Of the camera that saw least: each has a place of its own to vouch for. */
    observedMin: Type.Integer(),
    neededMin: Type.Integer(),
    cameras: Type.Array(Type.Object({ cameraId: Uuid, observedMin: Type.Integer() })),
  },
  { title: 'RecheckObserved' },
);
const Decide = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    /** Passed: nothing of the kind was seen. Recurred: it was; report it as a finding, whose task is linked to this one. */
    outcome: Type.Enum(['passed', 'recurred']),
    note: Type.String({ minLength: 1, maxLength: 2000, right: 'what was looked at, in words' }),
    visited: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'DecideRecheck' },
);

/** 回头看: what is watched again after closure, and what people must look at. */
export function recheckRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    selectTasks(db).select((eb) => [eb.cast<string>('task.closed_at', 'text').as('closed_at_text')]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (actor: Actor, row: Row): Static<typeof Recheck> => {
    const { policy } = policyOf(row);
    // With the seed anybody could tell who is drawn next.
    const lot = may(actor, 'office.read', row) ? row : { sampled: null, sample_no: null, sample_seed: null };
    return {
      taskId: row.id,
      number: row.number,
      state: row.state,
      kind: row.kind,
      class: row.class,
      merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
      closedAt: row.closed_at?.toISOString() ?? null,
      until: row.by_people ? null : (row.recheck_until?.toISOString() ?? null),
      dueAt: row.state === 'recheck_due' ? (row.next_step_at?.toISOString() ?? null) : null,
      byPeople: row.by_people,
      sampled: lot.sampled,
      sampleNo: lot.sample_no === null ? null : Number(lot.sample_no),
      sampleSeed: lot.sample_seed,
      prolongations: row.prolongations,
      observedMin: row.observed_min,
      neededMin: Math.ceil(policy.recheck.observedHours[row.class] * 60),
      lookIntervalS: policy.recheck.lookIntervalS,
      recurredAs: row.state === 'recurred' ? row.recurred_as : null,
      version: row.version,
    };
  };

  api.get(
    '/rechecks',
    {
      config: { access: 'task.read' },
      schema: {
        tags,
        summary: 'Closed tasks with their recheck (回头看), latest closed first; those that run, unless told',
        querystring: RecheckQuery,
        response: { 200: Page(Recheck) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state = 'recheck_due', byPeople, region } = request.query;
      const actor = actorOf(request);
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = select()
        .where(inScope(actor, PLACE))
        .where('task.state', '=', state)
        .where('task.closed_at', 'is not', null)
        .orderBy('task.closed_at', 'desc')
        .orderBy('task.id', 'desc');
      if (byPeople !== undefined) query = query.where('task.by_people', '=', byPeople);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('task.closed_at', 'task.id', after));
      const rows = await query.limit(limit + 1).execute();
      return pageOf(
        rows,
        limit,
        (row) => [row.closed_at_text, row.id],
        (row) => item(actor, row),
      );
    },
  );

  api.get(
    '/tasks/:id/recheck',
    {
      config: { access: 'task.read' },
      schema: {
        tags,
        summary: 'Minutes truly observed since closure, counted now',
        params: ById,
        response: { 200: Observed },
      },
    },
    async (request) => {
      const row = await select().where('task.id', '=', request.params.id).executeTakeFirst();
      const { id } = seen(actorOf(request), 'task.read', row, 'task');
      return await db.transaction().execute(async (tx) => {
        const task = await lockTask(tx, id);
        const at = context.now();
        if (task === undefined) throw new Problem('not-found', said('task_not_here'));
        const cameras = await observedByCameras(tx, task, at);
        return {
          at: at.toISOString(),
          observedMin: leastObserved(cameras),
          cameras: cameras.map(({ cameraId, minutes }) => ({ cameraId, observedMin: minutes })),
          neededMin: Math.ceil(policyOf(task).policy.recheck.observedHours[task.class] * 60),
        };
      });
    },
  );

  api.post(
    '/tasks/:id/recheck',
    {
      config: { access: 'task.decide' },
      schema: {
        tags,
        summary: 'A person has looked again (人工回头看)',
        params: ById,
        headers: OrderHeaders,
        body: Decide,
        response: { 200: Ordered },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const row = await select().where('task.id', '=', request.params.id).executeTakeFirst();
      const { id } = seen(actor, 'task.decide', row, 'task');
      const { version, outcome, note, visited } = request.body;
      if (outcome === 'passed' && row?.state === 'recheck_due' && !row.by_people) {
        throw new Problem('conflict', said('recheck_by_hours'), {
          extra: { why: 'still_watched', state: row.state, version: row.version },
        });
      }
      const result = await runTaskOrder(
        db,
        {
          taskId: id,
          command: outcome === 'passed' ? 'pass_recheck' : 'recur',
          actorId: actor.accountId,
          version,
          key: String(request.headers['idempotency-key']),
          reason: (outcome === 'passed' ? 'seen_by_person' : 'found_by_person') satisfies TaskReason,
          note,
          ...(visited !== undefined && { visited }),
        },
        context.now(),
      );
      if (!result.done) {
        const { why, state, version: current } = result;
        throw new Problem('conflict', said('no_recheck_runs'), {
          extra: { why, state, version: current },
        });
      }
      if (result.repeated) reply.header('idempotency-replayed', 'true');
      const { state, version: next, repeated } = result;
      return { state, version: next, repeated, task: await freshTaskPage(context, actor, id) };
    },
  );
}

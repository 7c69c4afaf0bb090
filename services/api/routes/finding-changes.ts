import { type MergeResult, mergeFindings } from '../../db/finding-merge.ts';
import { splitFinding } from '../../db/finding-split.ts';
import { type Once, once } from '../../db/request-keys.ts';
import { type ReopenResult, reopenFinding, undoVerdict } from '../../db/second-thoughts.ts';
import type { Actor } from '../../domain/access.ts';
import { type Said, said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { findingItems, selectFindings } from '../queries/findings.ts';
import { ById } from '../schemas/common.ts';
import { Finding } from '../schemas/finding.ts';
import { Merge, Merged, Undo, WithReason } from '../schemas/finding-case.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { seen } from '../scope.ts';

const tags = ['findings'];
const IDEMPOTENT = 'Takes an Idempotency-Key: sent again with the same key it is done once.';

/** Merging, splitting, and second thoughts. */
export function findingChangeRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = (id: string) => selectFindings(db).where('finding.id', '=', id).executeTakeFirst();
  const judgeable = async (actor: Actor, id: string) =>
    seen(actor, 'finding.judge', await find(id), 'finding');
  const fresh = async (actor: Actor, id: string) => {
    const row = await find(id);
    const [finding] = row === undefined ? [] : await findingItems(context, [row], actor);
    if (finding === undefined) throw notFound('finding');
    return finding;
  };
  const merged = async (actor: Actor, answer: Once<MergeResult>, id: string) => {
    if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
    if (!answer.result.done) throw mergeProblem(answer.result);
    return { repeated: answer.repeated, merged: answer.result.merged, finding: await fresh(actor, id) };
  };

  api.post(
    '/findings/merge',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Merge (合并): several findings of one merchant and kind become one; all or none',
        description: IDEMPOTENT,
        headers: OrderHeaders,
        body: Merge,
        response: { 200: Merged },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { into, findings, note = '' } = request.body;
      for (const { id } of [into, ...findings]) await judgeable(actor, id);
      const now = context.now();
      const key = { accountId: actor.accountId, key: String(request.headers['idempotency-key']) };
      const command = { into, findings, actorId: actor.accountId, note };
      const answer = await db
        .transaction()
        .execute((tx) =>
          once(tx, key, ['merge', request.body], now, () => mergeFindings(tx, command, now), isDone),
        );
      return await merged(actor, answer, into.id);
    },
  );

  api.post(
    '/findings/:id/split',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Split (拆分): a merged finding stands for itself again and waits for a verdict',
        description: IDEMPOTENT,
        params: ById,
        headers: OrderHeaders,
        body: WithReason,
        response: { 200: Merged },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = await judgeable(actor, request.params.id);
      const now = context.now();
      const key = { accountId: actor.accountId, key: String(request.headers['idempotency-key']) };
      const { version, note } = request.body;
      const command = { finding: { id, version }, actorId: actor.accountId, note };
      const answer = await db
        .transaction()
        .execute((tx) =>
          once(tx, key, ['split', id, request.body], now, () => splitFinding(tx, command, now), isDone),
        );
      return await merged(actor, answer, id);
    },
  );

  api.post(
    '/findings/:id/reopen',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Reopen (重新核查): a dismissed or expired finding waits for a verdict again',
        params: ById,
        body: WithReason,
        response: { 200: Finding },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = await judgeable(actor, request.params.id);
      const command = { findingId: id, actorId: actor.accountId, ...request.body };
      const result = await reopenFinding(db, command, context.now());
      if (!result.done) throw reopenProblem(result);
      return await fresh(actor, id);
    },
  );

  api.post(
    '/findings/:id/undo',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Undo (撤回): take back the verdict that one has just given; see undoUntil',
        params: ById,
        body: Undo,
        response: { 200: Finding },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = await judgeable(actor, request.params.id);
      const command = { findingId: id, actorId: actor.accountId, version: request.body.version };
      const result = await undoVerdict(db, command, context.now(), context.undoMs);
      if (!result.done) throw reopenProblem(result);
      return await fresh(actor, id);
    },
  );
}

const isDone = (result: MergeResult): boolean => result.done;

function mergeProblem(result: Extract<MergeResult, { done: false }>): Problem {
  const { findingId, why, state, version } = result;
  if (why === 'not_found') return notFound('finding');
  const detail: Record<Exclude<typeof why, 'not_found'>, Said> = {
    changed: said('a_finding_changed'),
    itself: said('merge_itself'),
    not_merged: said('merge_not_merged'),
    other_merchant: said('merge_other_merchant'),
    other_kind: said('merge_other_kind'),
    graver: said('merge_graver'),
    not_open: said('merge_not_open', { state }),
    confirmed_into_pending: said('merge_confirmed'),
    target_ended: said('merge_task_settled'),
    task_in_the_way: said('merge_task_answered'),
  };
  return new Problem('conflict', detail[why], { extra: { findingId, why, state, version } });
}

function reopenProblem(result: Extract<ReopenResult, { done: false }>): Problem {
  const { why, state, version } = result;
  if (why === 'not_found') return notFound('finding');
  const detail: Record<Exclude<typeof why, 'not_found'>, Said> = {
    changed: said('finding_changed'),
    not_judged: said('undo_nothing', { state }),
    not_yours: said('undo_not_yours'),
    too_late: said('undo_too_late'),
  };
  return new Problem('conflict', detail[why], { extra: { why, state, version } });
}

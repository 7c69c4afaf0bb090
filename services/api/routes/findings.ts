import { confirmFinding, dismissFinding, type VerdictResult } from '../../db/verdicts.ts';
import type { Actor } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, pageOf } from '../cursor.ts';
import { ORDERS } from '../finding-order.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { evidenceItem, loadEvidence, loadHistory, stripItems } from '../queries/evidence.ts';
import {
  type FindingRow,
  findingItems,
  loadMerged,
  loadSiblings,
  selectFindings,
} from '../queries/findings.ts';
import { checkKindFilter } from '../queries/kinds.ts';
import { ById, Page } from '../schemas/common.ts';
import { Confirm, Dismiss, Finding, FindingPage, FindingQuery, Judged } from '../schemas/finding.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['findings'];
const PLACE = { regionPath: 'region.path', merchantId: 'finding.merchant_id', cameraId: 'finding.camera_id' };

export function findingRoutes(api: App, context: ApiContext): void {
  const { db, files } = context;
  const find = (id: string): Promise<FindingRow | undefined> =>
    selectFindings(db).where('finding.id', '=', id).executeTakeFirst();

  api.get(
    '/findings',
    {
      config: { access: 'finding.read' },
      schema: {
        tags,
        summary: 'Findings, newest first unless told',
        querystring: FindingQuery,
        response: { 200: Page(Finding) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state, kind, merchant, camera, region } = request.query;
      const order = ORDERS[request.query.order ?? 'newest'];
      await checkKindFilter(db, kind);
      const after = order.read(cursor);
      let query = selectFindings(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy(order.by)
        .limit(limit + 1);
      if (state !== undefined) query = query.where('finding.state', '=', state);
      if (kind !== undefined) query = query.where('finding.kind', '=', kind);
      if (request.query.class !== undefined) {
        query = query.where('finding.class', '=', request.query.class as 1 | 2 | 3);
      }
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after !== undefined) query = query.where(after);
      const page = pageOf(await query.execute(), limit, order.key, (row) => row);
      return {
        items: await findingItems(context, page.items, actorOf(request)),
        nextCursor: page.nextCursor,
      };
    },
  );

  api.get(
    '/findings/:id',
    {
      config: { access: 'finding.read' },
      schema: {
        tags,
        summary: 'One finding with all evidence, its history and its siblings',
        params: ById,
        response: { 200: FindingPage },
      },
    },
    async (request) => {
      const row = seen(actorOf(request), 'finding.read', await find(request.params.id), 'finding');
      const [[item], evidence, history, siblings, merged] = await Promise.all([
        findingItems(context, [row], actorOf(request)),
        loadEvidence(db, [row.id]),
        loadHistory(db, 'finding', row.id),
        loadSiblings(db, row),
        loadMerged(db, row.id),
      ]);
      if (item === undefined) throw notFound('finding');
      return {
        ...item,
        rule: row.rule,
        evidence: evidence.map((one) => evidenceItem(files, one)),
        strips: stripItems(files, evidence),
        history,
        siblings,
        merged,
      };
    },
  );

  const judged = async (actor: Actor, id: string, result: VerdictResult) => {
    if (!result.done) throw refusal(result);
    const row = await find(id);
    const [finding] = row === undefined ? [] : await findingItems(context, [row], actor);
    if (finding === undefined) throw notFound('finding');
    return { taskId: result.taskId, finding };
  };

  api.post(
    '/findings/:id/confirm',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary:
          'Confirm (确认): issues the rectification task, once the verdict can no longer be undone (issuesAt)',
        params: ById,
        body: Confirm,
        response: { 200: Judged },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id, class: recorded } = seen(actor, 'finding.judge', await find(request.params.id), 'finding');
      const { note = '', version, class: verdictClass } = request.body ?? {};
      if (verdictClass !== undefined && verdictClass > recorded && note.trim() === '')
        throw invalid({ field: 'note', ...said('milder_needs_note') });
      const command = {
        findingId: id,
        actorId: actor.accountId,
        note,
        version,
        undoMs: context.undoMs,
        class: verdictClass as 1 | 2 | 3 | undefined,
      };
      return await judged(actor, id, await confirmFinding(db, command, context.now()));
    },
  );

  api.post(
    '/findings/:id/dismiss',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Dismiss (排除) with a reason; the reason other needs a note',
        params: ById,
        body: Dismiss,
        response: { 200: Judged },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = seen(actor, 'finding.judge', await find(request.params.id), 'finding');
      const { reason, note = '', version } = request.body;
      if (reason === 'other' && note.trim() === '') {
        throw invalid({ field: 'note', ...said('other_needs_note') });
      }
      const command = { findingId: id, actorId: actor.accountId, note, version, reason };
      return await judged(actor, id, await dismissFinding(db, command, context.now()));
    },
  );
}

function refusal(result: Extract<VerdictResult, { done: false }>): Problem {
  const extra = { state: result.state, version: result.version };
  switch (result.why) {
    case 'not_found':
      return notFound('finding');
    case 'already_judged':
      return new Problem('conflict', said('finding_already', { state: result.state }), { extra });
    case 'changed':
      return new Problem('conflict', said('finding_changed'), { extra });
  }
}

import { acceptProposal, type DecisionResult, declineProposal } from '../../db/proposals.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { type ProposalRow, proposalItems, selectProposals } from '../queries/proposals.ts';
import { ById, Page } from '../schemas/common.ts';
import { ProposalDecision, ProposalQuery, RuleProposal } from '../schemas/learning.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['learning'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'rule_proposal.camera_id' };

/** Changes that the verdicts of inspectors ask for (workers/detection/propose-changes.ts); an operator decides. */
export function ruleProposalRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = (id: string): Promise<ProposalRow | undefined> =>
    selectProposals(db).where('rule_proposal.id', '=', id).executeTakeFirst();

  api.get(
    '/rule-proposals',
    {
      config: { access: 'operation.read' },
      schema: {
        tags,
        summary: 'Proposed changes of cameras that keep being wrong, newest first',
        querystring: ProposalQuery,
        response: { 200: Page(RuleProposal) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state, camera } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectProposals(db)
        .where(inScope(actorOf(request), PLACE))
        .where('camera.removed_at', 'is', null)
        .orderBy('rule_proposal.created_at', 'desc')
        .orderBy('rule_proposal.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('rule_proposal.state', '=', state);
      if (camera !== undefined) query = query.where('camera.code', '=', camera);
      if (after) query = query.where(olderThan('rule_proposal.created_at', 'rule_proposal.id', after));
      const page = pageOf(
        await query.execute(),
        limit,
        (row) => [row.created_at_text, row.id],
        (row) => row,
      );
      return { items: await proposalItems(context, page.items), nextCursor: page.nextCursor };
    },
  );

  const decisions = [
    [
      'accept',
      acceptProposal,
      'Accept: the camera gets the area or the score; accepting again changes nothing',
    ],
    ['decline', declineProposal, 'Decline: verdicts so far do not propose this again'],
  ] as const;
  for (const [name, decide, summary] of decisions) {
    api.post(
      `/rule-proposals/:id/${name}`,
      {
        config: { access: 'registry.write' },
        schema: { tags, summary, params: ById, body: ProposalDecision, response: { 200: RuleProposal } },
      },
      async (request) => {
        const actor = actorOf(request);
        const { id } = seen(actor, 'registry.write', await find(request.params.id), 'proposal');
        const { note = '', updatedAt } = request.body ?? {};
        const result = await decide(
          db,
          {
            proposalId: id,
            actorId: actor.accountId,
            note,
            updatedAt: updatedAt === undefined ? undefined : new Date(updatedAt),
          },
          context.now(),
        );
        if (!result.done) throw refusal(result);
        const row = await find(id);
        const [item] = row === undefined ? [] : await proposalItems(context, [row]);
        if (item === undefined) throw notFound('proposal');
        return item;
      },
    );
  }
}

function refusal(result: Extract<DecisionResult, { done: false }>): Problem {
  switch (result.why) {
    case 'not_found':
      return notFound('proposal');
    case 'decided':
      return new Problem('conflict', said('proposal_already', { state: result.state }), {
        extra: { state: result.state },
      });
    case 'changed':
      return new Problem('conflict', said('proposal_recounted'));
    case 'other_view':
      return new Problem('conflict', said('proposal_other_view'));
    case 'too_many_areas':
      return new Problem('conflict', said('areas_full'));
  }
}

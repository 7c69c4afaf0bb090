import type { Static } from 'typebox';
import { decideTip } from '../../db/tips.ts';
import { said } from '../../domain/said.ts';
import { needsAnswer } from '../../domain/tip.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { ById, Page } from '../schemas/common.ts';
import { Tip, TipDecision, TipQuery } from '../schemas/public.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['public'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

/** What the public told the bureau, and what becomes of it. */
export function tipRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const tips = () =>
    db
      .selectFrom('tip')
      .innerJoin('merchant', 'merchant.id', 'tip.merchant_id')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .leftJoin('account', 'account.id', 'tip.decided_by')
      .selectAll('tip')
      .select((eb) => [
        'merchant.id as merchantId',
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
        'region.path as regionPath',
        'account.username',
        'account.display_name',
        eb.cast<string>('tip.given_at', 'text').as('given_at_text'),
      ]);
  type TipRow = Awaited<ReturnType<ReturnType<typeof tips>['executeTakeFirstOrThrow']>>;
  const tipItem = (row: TipRow): Static<typeof Tip> => ({
    id: row.id,
    merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
    text: row.text,
    contact: row.contact,
    givenAt: row.given_at.toISOString(),
    state: row.state,
    findingId: row.finding_id,
    answer: row.answer,
    decidedBy: row.display_name || row.username,
    decidedAt: row.decided_at?.toISOString() ?? null,
    version: row.version,
  });

  api.get(
    '/tips',
    {
      config: { access: 'tip.read' },
      schema: {
        tags,
        summary: 'Tips of the public, newest first',
        querystring: TipQuery,
        response: { 200: Page(Tip) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, state } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = tips()
        .where(inScope(actorOf(request), PLACE))
        .orderBy('tip.given_at', 'desc')
        .orderBy('tip.id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('tip.state', '=', state);
      if (after) query = query.where(olderThan('tip.given_at', 'tip.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.given_at_text, row.id], tipItem);
    },
  );

  api.get(
    '/tips/:id',
    {
      config: { access: 'tip.read' },
      schema: { tags, summary: 'One tip', params: ById, response: { 200: Tip } },
    },
    async (request) => {
      const row = await tips().where('tip.id', '=', request.params.id).executeTakeFirst();
      return tipItem(seen(actorOf(request), 'tip.read', row, 'tip'));
    },
  );

  api.post(
    '/tips/:id',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags,
        summary: 'Say what becomes of a tip; a finding that was reported because of it is named',
        params: ById,
        body: TipDecision,
        response: { 200: Tip },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const find = () => tips().where('tip.id', '=', request.params.id).executeTakeFirst();
      const row = seen(actor, 'finding.judge', await find(), 'tip');
      const { state, version, findingId } = request.body;
      const answer = request.body.answer?.trim() ?? '';
      if (answer === '' && needsAnswer(state))
        throw invalid({ field: 'answer', ...said('tip_needs_answer') });
      if (findingId !== undefined) {
        const finding = await db
          .selectFrom('finding')
          .select('id')
          .where('id', '=', findingId)
          .where('merchant_id', '=', row.merchantId)
          .executeTakeFirst();
        if (finding === undefined)
          throw invalid({ field: 'findingId', ...said('not_a_finding_of_merchant') });
      }
      const order = { tipId: row.id, version, state, answer, findingId };
      const author = { ...authorOf(request, context), place: row };
      const result = await db.transaction().execute((tx) => decideTip(tx, order, author));
      if (!result.done)
        throw new Problem('conflict', said('tip_changed'), {
          extra: { why: 'changed', state: result.state, version: result.version },
        });
      const decided = await find();
      if (decided === undefined) throw notFound('tip');
      return tipItem(decided);
    },
  );
}

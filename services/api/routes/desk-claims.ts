import { claimFindings, claimsOfOthers } from '../../db/finding-claims.ts';
import { may } from '../../domain/access.ts';
import { CLAIM_S } from '../../domain/claims.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { Claim, Claimed } from '../schemas/desk.ts';
import { inScope, seen } from '../scope.ts';

const PLACE = { regionPath: 'region.path', merchantId: 'finding.merchant_id', cameraId: 'finding.camera_id' };

/** Soft claims on cards of the desk. Who looks at what is not kept: it is over when they leave. */
export function deskClaimRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.put(
    '/desk/claim',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags: ['findings'],
        summary: 'Say which card one looks at; the next free one is kept, and who looks at what is answered',
        description:
          'Ask again before `leaseS` is over, or at the next card. Nothing looked at and no candidates: leaves the desk.',
        body: Claim,
        response: { 200: Claimed },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { client, looking, candidates } = request.body;
      const desk = { accountId: actor.accountId, client };
      const now = context.now();
      if (looking !== null) seen(actor, 'finding.judge', await placeOf(looking), 'finding');
      const waiting = await stillWaiting(candidates);
      const decision = await db
        .transaction()
        .execute((tx) =>
          claimFindings(tx, desk, { looking, candidates: candidates.filter((id) => waiting.has(id)) }, now),
        );
      const others = await claimsOfOthers(db, desk, now);
      return {
        held: decision.held,
        next: decision.next,
        leaseS: CLAIM_S,
        others: others
          .filter((claim) => may(actor, 'finding.read', claim))
          .map(({ findingId, accountId, ahead, since, displayName, username }) => ({
            findingId,
            name: displayName === '' ? username : displayName,
            self: accountId === actor.accountId,
            ahead,
            since: since.toISOString(),
          })),
      };

      /** Candidates in scope that nobody judged meanwhile. */
      async function stillWaiting(ids: readonly string[]): Promise<Set<string>> {
        if (ids.length === 0) return new Set();
        const rows = await db
          .selectFrom('finding')
          .innerJoin('region', 'region.id', 'finding.region_id')
          .select('finding.id')
          .where('finding.id', 'in', [...ids])
          .where('finding.state', '=', 'pending_review')
          .where(inScope(actor, PLACE))
          .execute();
        return new Set(rows.map(({ id }) => id));
      }
    },
  );

  async function placeOf(id: string) {
    return await db
      .selectFrom('finding')
      .innerJoin('region', 'region.id', 'finding.region_id')
      .select([
        'region.path as regionPath',
        'finding.merchant_id as merchantId',
        'finding.camera_id as cameraId',
      ])
      .where('finding.id', '=', id)
      .executeTakeFirst();
  }
}

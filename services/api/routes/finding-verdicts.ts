import type { Static } from 'typebox';
import { once } from '../../db/request-keys.ts';
import { confirmIn, dismissIn, type VerdictResult } from '../../db/verdicts.ts';
import { type Actor, may } from '../../domain/access.ts';
import type { DismissReason } from '../../domain/task.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { selectFindings } from '../queries/findings.ts';
import { Verdicts, VerdictsGiven } from '../schemas/finding-case.ts';
import { OrderHeaders } from '../schemas/task-order.ts';

type Item = Static<typeof Verdicts>['items'][number];
type Given = Static<typeof VerdictsGiven>['items'][number];

/** Verdicts on several findings: each in a transaction of its own, each with its own result. */
export function findingVerdictRoutes(api: App, context: ApiContext): void {
  const { db, log } = context;

  api.post(
    '/findings/verdicts',
    {
      config: { access: 'finding.judge' },
      schema: {
        tags: ['findings'],
        summary: 'Confirm or dismiss several findings; each has its own result',
        description:
          'Takes an Idempotency-Key: sent again with the same key, what was done is answered as then and what failed is tried again.',
        headers: OrderHeaders,
        body: Verdicts,
        response: { 200: VerdictsGiven },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const key = String(request.headers['idempotency-key']);
      const items: Given[] = [];
      for (const item of request.body.items) {
        const given = await judge(actor, key, item).catch((error: unknown): Given => {
          log.error({ err: error, finding: item.id }, 'a verdict of several failed');
          return refused(item.id, 'failed');
        });
        items.push(given);
      }
      return { items };
    },
  );

  async function judge(actor: Actor, key: string, item: Item): Promise<Given> {
    const { id, version, verdict, reason, note = '' } = item;
    const row = await selectFindings(db).where('finding.id', '=', id).executeTakeFirst();
    if (row === undefined || !may(actor, 'finding.judge', row)) return refused(id, 'not_found');
    const here = { state: row.state, version: row.version };
    if (verdict === 'dismiss' && reason === undefined) return refused(id, 'reason_missing', here);
    if (reason === 'other' && note.trim() === '') return refused(id, 'note_missing', here);
    const now = context.now();
    const command = { findingId: id, actorId: actor.accountId, version, note };
    const answer = await db.transaction().execute((tx) =>
      once<VerdictResult>(
        tx,
        { accountId: actor.accountId, key, part: id },
        ['verdict', item],
        now,
        () =>
          verdict === 'confirm'
            ? confirmIn(tx, { ...command, undoMs: context.undoMs }, now)
            : dismissIn(tx, { ...command, reason: reason as DismissReason }, now),
        (result) => result.done,
      ),
    );
    if ('keyReused' in answer) return refused(id, 'key_reused', here);
    const { result, repeated } = answer;
    if (!result.done) return refused(id, result.why, result);
    const after = await db
      .selectFrom('finding')
      .select(['state', 'version'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { id, done: true, repeated, taskId: result.taskId, why: null, ...after };
  }
}

function refused(
  id: string,
  why: NonNullable<Given['why']>,
  here: { state?: string | undefined; version?: number | undefined } = {},
): Given {
  const { state = null, version = null } = here;
  return { id, done: false, repeated: false, taskId: null, why, state, version };
}

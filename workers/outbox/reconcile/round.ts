import { type CaseSource, claimCaseSource } from '../../../services/db/case-lists.ts';
import { beginRun, failRun, finishRun } from '../../../services/db/reconciliation.ts';
import type { RelayContext } from '../relay.ts';
import { readCaseList } from './read-list.ts';

/** Days back that a list is asked for: what was issued before is settled, or in the hands of people. */
const DAYS = 90;

export interface ReconcileResult {
  webhookId: string;
  /** Undefined: done. */
  error: string | undefined;
}

type ReconcileContext = Pick<RelayContext, 'db' | 'sealer' | 'outbound' | 'now'>;

/** Reads every list that is due, compares and heals; one that cannot be read is a failed run with its reason. */
export async function reconcileDue(context: ReconcileContext): Promise<ReconcileResult[]> {
  const results: ReconcileResult[] = [];
  for (;;) {
    const source = await claimCaseSource(context.db, context.now());
    if (source === undefined) return results;
    results.push({ webhookId: source.webhookId, error: await reconcile(context, source) });
  }
}

async function reconcile(
  { db, sealer, outbound, now }: ReconcileContext,
  source: CaseSource,
): Promise<string | undefined> {
  const since = new Date(now().getTime() - DAYS * 86_400_000);
  const head = { how: 'fetched', since, whole: true } as const;
  const id = await db.transaction().execute((tx) => beginRun(tx, source, head, now()));
  try {
    const token = source.tokenSealed === null ? null : sealer.open(source.tokenSealed);
    const cases = await readCaseList(outbound, { url: source.url, token, since });
    await db.transaction().execute((tx) => finishRun(tx, id, source, { ...head, cases }, now()));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    await failRun(db, id, message, now());
    return message;
  }
}

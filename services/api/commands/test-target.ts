import { askForTest } from '../../db/notify/test-message.ts';
import { said } from '../../domain/said.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** @throws Problem `too-many-attempts` that says when it may be asked for again */
export async function testTarget(
  { db, now }: Pick<ApiContext, 'db' | 'now'>,
  targetId: string,
): Promise<void> {
  const refusal = await askForTest(db, targetId, now());
  if (refusal === undefined) return;
  const { code, most, retryAfterS } = refusal;
  const words =
    code === 'test_was_sent'
      ? said(code, { seconds: most })
      : said(code, { most, minutes: Math.ceil(retryAfterS / 60) });
  throw new Problem('too-many-attempts', words, { retryAfterS });
}

import type { Database } from '../../db/database.ts';
import { said } from '../../domain/said.ts';
import { invalid } from '../problem.ts';

/** A list is asked for by kind: a kind that nobody knows is a mistake, not an empty list. @throws Problem naming the field */
export async function checkKindFilter(db: Database, kind: string | undefined): Promise<void> {
  if (kind === undefined) return;
  const kinds = await db.selectFrom('finding_kind').select('code').orderBy('code').execute();
  if (kinds.some(({ code }) => code === kind)) return;
  const known = kinds.map(({ code }) => code).join(', ');
  throw invalid({
    field: 'query.kind',
    ...said('no_such_kind', { kind: JSON.stringify(kind), known }),
  });
}

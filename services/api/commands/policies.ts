import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import { appendEvent } from '../../db/events.ts';
import { newestPolicy, policiesInForce } from '../../db/policy.ts';
import { type Author, auditedAddIn, auditedChangeIn } from '../../db/registry-audit.ts';
import { type PolicyDocument, policyFaults, resolvePolicy, type ScopedPolicy } from '../../domain/policy.ts';
import { isWithin } from '../../domain/rules.ts';
import { said } from '../../domain/said.ts';
import { checkAfter } from '../changed-meanwhile.ts';
import { invalid, Problem } from '../problem.ts';
import type { NewPolicy } from '../schemas/policy-document.ts';

/** A region, or null: everywhere. */
type Where = { id: string; path: string } | null;

/**
 * Checks that the document fits: what it says, with what is above it, and what every region below makes of it.
 * @throws Problem that names the field
 */
export async function checkDocument(db: Database | Tx, where: Where, document: PolicyDocument, at: Date) {
  const path = where?.path ?? null;
  const others = (await policiesInForce(db, at)).filter((one) => one.regionPath !== path);
  const changed: ScopedPolicy = { regionPath: path, version: 0, document };
  const below = others.flatMap(({ regionPath }) =>
    regionPath !== null && isWithin(regionPath, path) ? [regionPath] : [],
  );
  for (const region of [path ?? '', ...below]) {
    const faults = policyFaults(resolvePolicy([...others, changed], region).policy);
    if (faults.length === 0) continue;
    const named = faults.map(({ field, ...why }) => ({
      field: `document.${field}`,
      ...(region === (path ?? '') ? why : said('in_region', { region, why })),
    }));
    throw invalid(...named);
  }
  await checkDocumentTypes(db, document);
  const codes = [document.calendar?.holidays, document.calendar?.terms];
  for (const [i, code] of codes.entries()) {
    if (code === null || code === undefined) continue;
    const known = await db.selectFrom('calendar').select('id').where('code', '=', code).executeTakeFirst();
    if (known !== undefined) continue;
    const field = `document.calendar.${i === 0 ? 'holidays' : 'terms'}`;
    throw invalid({ field, ...said('no_such_calendar', { code: JSON.stringify(code) }) });
  }
}

/** Steps of the chain name types of documents that there are. */
async function checkDocumentTypes(db: Database, document: PolicyDocument): Promise<void> {
  const types = await db.selectFrom('document_type').select('code').where('enabled', '=', true).execute();
  const known = new Set(types.map(({ code }) => code));
  for (const [taskClass, chain] of Object.entries(document.escalation ?? {})) {
    for (const [i, { document: code }] of chain.entries()) {
      if (code === null || known.has(code)) continue;
      throw invalid({
        field: `document.escalation.${taskClass}.${i}.document`,
        ...said('no_such_document_type_code', { code: JSON.stringify(code) }),
      });
    }
  }
}

/**
 * Writes the next version of a region's policy, with its audit row and event.
 * @returns its id @throws Problem when another version came meanwhile
 */
export async function addPolicy(
  db: Database,
  where: Where,
  body: Static<typeof NewPolicy>,
  author: Author,
): Promise<string> {
  const document = body.document as PolicyDocument;
  const effectiveFrom = body.effectiveFrom === undefined ? author.at : new Date(body.effectiveFrom);
  if (effectiveFrom < author.at)
    throw invalid({
      field: 'effectiveFrom',
      ...said('policy_in_the_past'),
    });
  return await db.transaction().execute(async (tx) => {
    // Two at once must not both be version 3.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`policy|${where?.id ?? ''}`}, 8))`.execute(tx);
    checkAfter(body.after, await newestPolicy(tx, where?.id ?? null));
    await checkDocument(tx, where, document, effectiveFrom);
    const last = await tx
      .selectFrom('policy')
      .select((eb) => eb.fn.max('version').as('version'))
      .where('region_id', 'is not distinct from', where?.id ?? null)
      .executeTakeFirst();
    const version = (last?.version ?? 0) + 1;
    const { id } = await auditedAddIn(tx, 'policy', { ...author, note: body.note ?? '' }, (inner) =>
      inner
        .insertInto('policy')
        .values({
          region_id: where?.id ?? null,
          version,
          effective_from: effectiveFrom,
          document: JSON.stringify(document),
          note: body.note ?? '',
          changed_by: author.actorId,
          changed_at: author.at,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    await appendEvent(tx, {
      type: 'policy.changed',
      regionPath: where?.path ?? '',
      merchantId: null,
      payload: { policyId: id, version, effectiveFrom: effectiveFrom.toISOString(), withdrawn: false },
    });
    return id;
  });
}

/** Takes back a version that has not come into force. @throws Problem when it has */
export async function withdrawPolicy(db: Database, id: string, path: string | null, author: Author) {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('policy')
      .select(['version', 'effective_from', 'withdrawn_at'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (row.withdrawn_at !== null) return;
    if (row.effective_from <= author.at) {
      throw new Problem('conflict', said('policy_in_force'), {
        extra: { why: 'in_force', effectiveFrom: row.effective_from.toISOString() },
      });
    }
    await auditedChangeIn(tx, 'policy', id, author, (inner) =>
      inner
        .updateTable('policy')
        .set({ withdrawn_at: author.at, withdrawn_by: author.actorId })
        .where('id', '=', id)
        .execute(),
    );
    await appendEvent(tx, {
      type: 'policy.changed',
      regionPath: path ?? '',
      merchantId: null,
      payload: { policyId: id, version: row.version, withdrawn: true },
    });
  });
}

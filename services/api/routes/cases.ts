import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { beginExport, finishExport, loadKeys } from '../../db/case-exports.ts';
import { loadCaseFile } from '../../db/case-file.ts';
import { type CaseRecord, findCase } from '../../db/cases.ts';
import { type HoldResult, liftHold, placeHold } from '../../db/holds.ts';
import type { Action } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import { exportCase } from '../../evidence/case/export.ts';
import { writeZip } from '../../evidence/zip/writer.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { casePage } from '../queries/cases.ts';
import { ByCase, CasePage, EvidenceKeys, ExportCase, HoldCase } from '../schemas/case.ts';
import { seen } from '../scope.ts';

const tags = ['cases'];
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** 案卷: what is kept of a case, its file, and holds on it. */
export function caseRoutes(api: App, context: ApiContext): void {
  const { db, store, now } = context;
  const find = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    action: Action,
  ): Promise<CaseRecord> => seen(actorOf(request), action, await findCase(db, request.params.id), 'case');
  const page = async (id: string) => {
    const fresh = await findCase(db, id);
    if (fresh === undefined) throw notFound('case');
    return await casePage(context, fresh);
  };

  api.get(
    '/cases/:id',
    {
      config: { access: 'case.read' },
      schema: {
        tags,
        summary: 'The chain of a case, its holds, exports and time stamps',
        params: ByCase,
        response: { 200: CasePage },
      },
    },
    async (request) => await casePage(context, await find(request, 'case.read')),
  );

  api.post(
    '/cases/:id/export',
    {
      config: { access: 'case.export' },
      schema: {
        tags,
        summary:
          'The case file: one signed zip that proves itself offline. The history of the case says who took it, and why',
        params: ByCase,
        body: ExportCase,
        produces: ['application/zip'],
        response: { 200: Type.Any({ description: 'the zip' }) },
      },
    },
    async (request, reply) => {
      const found = await find(request, 'case.export');
      const actor = actorOf(request);
      const { purpose } = request.body;
      const key = await context.signingKey();
      const at = now();
      const exportId = await beginExport(db, { caseId: found.id, actorId: actor.accountId, purpose }, at);
      const file = await loadCaseFile(db, found.id);
      const about = { exportId, at, by: actor.username, purpose, softwareVersion: version };
      const onTrouble = (trouble: string): void =>
        context.log.error({ exportId, trouble }, 'evidence is damaged');
      async function* pieces() {
        let signed: { manifestSha256: string; keyId: string } | undefined;
        const onSigned = (what: typeof signed): void => {
          signed = what;
        };
        yield* writeZip(exportCase(file, { store, key, about, onTrouble, onSigned }));
        if (signed !== undefined) await finishExport(db, exportId, signed, now());
      }
      const name = `case-${found.taskNumber ?? found.id}.zip`;
      return await reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(pieces(), { objectMode: false }));
    },
  );

  api.post(
    '/cases/:id/hold',
    {
      config: { access: 'case.hold' },
      schema: {
        tags,
        summary: '保全: nothing of the case is removed until the hold is lifted',
        params: ByCase,
        body: HoldCase,
        response: { 200: CasePage },
      },
    },
    async (request) => {
      const { id } = await find(request, 'case.hold');
      const command = { caseId: id, actorId: actorOf(request).accountId, reason: request.body.reason };
      refuse(await placeHold(db, command, now()));
      return await page(id);
    },
  );

  api.post(
    '/cases/:id/lift-hold',
    {
      config: { access: 'case.hold' },
      schema: { tags, summary: '解除保全', params: ByCase, body: HoldCase, response: { 200: CasePage } },
    },
    async (request) => {
      const { id } = await find(request, 'case.hold');
      const command = { caseId: id, actorId: actorOf(request).accountId, reason: request.body.reason };
      refuse(await liftHold(db, command, now()));
      return await page(id);
    },
  );

  api.get(
    '/evidence-keys',
    {
      config: { access: 'open' },
      schema: {
        tags,
        summary: 'Public keys that case files were signed with; who verifies compares fingerprints',
        security: [],
        response: { 200: EvidenceKeys },
      },
    },
    async () => ({
      items: (await loadKeys(db)).map((key) => ({
        id: key.id,
        publicKey: key.public_key,
        createdAt: key.created_at.toISOString(),
        retiredAt: key.retired_at?.toISOString() ?? null,
      })),
    }),
  );
}

function refuse(result: HoldResult): void {
  if (result.done) return;
  switch (result.why) {
    case 'not_found':
      throw notFound('case');
    case 'already_held':
      throw new Problem('conflict', said('case_held'));
    case 'not_held':
      throw new Problem('conflict', said('case_not_held'));
  }
}

import { Type } from 'typebox';
import { writeByCode } from '../../db/registry-audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { Closed, KindCode } from '../schemas/common.ts';
import { FindingKind, FindingKindChange } from '../schemas/finding-case.ts';
import { checkPolicyChange } from '../scope.ts';

const tags = ['findings'];

/** Kinds of findings: those that models look for, and those that people report. */
export function findingKindRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const all = async () =>
    (await db.selectFrom('finding_kind').selectAll().orderBy('class').orderBy('code').execute()).map(
      (row) => ({
        code: row.code,
        nameZh: row.name_zh,
        nameEn: row.name_en,
        class: row.class,
        modelled: row.modelled,
        enabled: row.enabled,
      }),
    );

  api.get(
    '/finding-kinds',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Kinds of findings, gravest first',
        response: { 200: Type.Object({ items: Type.Array(FindingKind) }) },
      },
    },
    async () => ({ items: await all() }),
  );

  api.put(
    '/finding-kinds/:code',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Add a kind that people report, or change its names and class; for accounts of all regions',
        params: Type.Object({ code: KindCode }, Closed),
        body: FindingKindChange,
        response: { 200: FindingKind },
      },
    },
    async (request) => {
      checkPolicyChange(actorOf(request), 'registry.write', null);
      const { code } = request.params;
      const { nameZh, nameEn, class: taskClass, enabled = true } = request.body;
      const values = { name_zh: nameZh, name_en: nameEn, class: taskClass as 1 | 2 | 3, enabled };
      await writeByCode(db, 'finding_kind', code, authorOf(request, context), (tx) =>
        tx
          .insertInto('finding_kind')
          .values({ code, ...values })
          .onConflict((conflict) => conflict.column('code').doUpdateSet(values))
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      const kind = (await all()).find((one) => one.code === code);
      if (kind === undefined) throw new Problem('not-found', said('kind_unknown'));
      return kind;
    },
  );
}

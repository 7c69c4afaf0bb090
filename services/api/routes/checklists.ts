import { Type } from 'typebox';
import { addChecklist, loadChecklists } from '../../db/checklists.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { afterOther } from '../changed-meanwhile.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { checklistItem } from '../queries/ledgers.ts';
import { policyRegion } from '../queries/refs.ts';
import { Checklist, NewChecklist } from '../schemas/ledger.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['ledgers'];

/** 风险管控清单 by 业态: data of the bureau. */
export function checklistRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/checklists',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'The newest version of every checklist that holds in the account’s regions',
        response: { 200: Type.Object({ items: Type.Array(Checklist) }) },
      },
    },
    async (request) => {
      const rows = await db
        .selectFrom('region')
        .select('path')
        .where(inForceFor(actorOf(request), 'region.path'))
        .execute();
      const paths = new Set(rows.map(({ path }) => path));
      const lists = await loadChecklists(db);
      return {
        items: lists
          .filter(({ regionPath }) => regionPath === null || paths.has(regionPath))
          .map(checklistItem),
      };
    },
  );

  api.post(
    '/checklists',
    {
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary: 'The next version of a checklist; records that are there keep theirs',
        body: NewChecklist,
        response: { 201: Checklist },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { region, merchantType, period, after, title, titleEn, items } = request.body;
      const place = await policyRegion(db, actor, region, 'policy.write');
      checkPolicyChange(actor, 'policy.write', place?.path ?? null);
      const codes = items.map(({ code }) => code);
      const twice = codes.findIndex((code, i) => codes.indexOf(code) !== i);
      if (twice >= 0) throw invalid({ field: `items.${twice}.code`, ...said('is_there_twice') });
      const added = await addChecklist(
        db,
        {
          region: place,
          merchantType: merchantType ?? null,
          period,
          after,
          title,
          titleEn,
          items,
          accountId: actor.accountId,
        },
        context.now(),
      );
      if (!added.done) throw afterOther(after, added.version);
      const row = (await loadChecklists(db)).find((one) => one.id === added.id);
      if (row === undefined) throw notFound('checklist');
      return await reply.code(201).send(checklistItem(row));
    },
  );
}

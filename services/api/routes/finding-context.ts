import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { countVerdicts, loadAround, loadDay, loadPast } from '../queries/finding-context.ts';
import { selectFindings } from '../queries/findings.ts';
import { ById } from '../schemas/common.ts';
import { FindingContext } from '../schemas/desk.ts';
import { seen } from '../scope.ts';

/** Beside a finding on the desk: what waits too, what was before, and how much was seen that day. */
export function findingContextRoutes(api: App, context: ApiContext): void {
  api.get(
    '/findings/:id/context',
    {
      config: { access: 'finding.read' },
      schema: {
        tags: ['findings'],
        summary: "Siblings that wait too, the merchant's history and the coverage of that day",
        params: ById,
        response: { 200: FindingContext },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const found = await selectFindings(context.db)
        .where('finding.id', '=', request.params.id)
        .executeTakeFirst();
      const finding = seen(actor, 'finding.read', found, 'finding');
      const [around, past, verdicts, coverage] = await Promise.all([
        loadAround(context, actor, finding),
        loadPast(context, actor, finding),
        countVerdicts(context, actor, finding),
        loadDay(context, finding),
      ]);
      return { around, past, verdicts, coverage };
    },
  );
}

import { once } from '../../db/request-keys.ts';
import { type AddFindingResult, addFinding } from '../../db/task-findings.ts';
import { type Said, said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { selectFindings } from '../queries/findings.ts';
import { freshTaskPage } from '../queries/task-page.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById } from '../schemas/common.ts';
import { AddToTask } from '../schemas/finding-case.ts';
import { TaskPage } from '../schemas/task.ts';
import { OrderHeaders } from '../schemas/task-order.ts';
import { seen } from '../scope.ts';

/** One task for several findings (并案). */
export function taskFindingRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.post(
    '/tasks/:id/findings',
    {
      config: { access: 'task.decide' },
      schema: {
        tags: ['tasks'],
        summary:
          'One more finding of the merchant is answered by this open task; what waited is confirmed by that',
        description:
          'Not for what is graver than the task, whose limits are frozen; class 1 joins only the same zone and kind. ' +
          'Takes an Idempotency-Key: sent again with the same key it is done once.',
        params: ById,
        headers: OrderHeaders,
        body: AddToTask,
        response: { 200: TaskPage },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
      const task = seen(actor, 'task.decide', found, 'task');
      const row = await selectFindings(db).where('finding.id', '=', body.finding.id).executeTakeFirst();
      seen(actor, 'finding.judge', row, 'finding');
      const now = context.now();
      const command = {
        task: { id: task.id, version: body.version },
        finding: body.finding,
        actorId: actor.accountId,
        note: body.note ?? '',
      };
      const key = { accountId: actor.accountId, key: String(request.headers['idempotency-key']) };
      const answer = await db.transaction().execute((tx) =>
        once(
          tx,
          key,
          ['add-finding', task.id, body],
          now,
          () => addFinding(tx, command, now),
          (one) => one.done,
        ),
      );
      if ('keyReused' in answer) throw new Problem('conflict', said('key_used'));
      if (!answer.result.done) throw refusal(answer.result);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return await freshTaskPage(context, actor, task.id);
    },
  );
}

function refusal({ why, state, version }: Extract<AddFindingResult, { done: false }>): Problem {
  if (why === 'not_found') return notFound('task');
  if (why === 'finding_not_found') return notFound('finding');
  const detail: Record<Exclude<typeof why, 'not_found' | 'finding_not_found'>, Said> = {
    changed: said('task_changed'),
    finding_changed: said('finding_changed'),
    other_merchant: said('finding_other_merchant'),
    task_ended: said('task_takes_no_findings'),
    not_open: said('finding_cannot_be_added', { state }),
    in_another_task: said('finding_in_another_task'),
    graver: said('finding_graver_than_task'),
    other_place: said('class_one_joins_same_place'),
  };
  return new Problem('conflict', detail[why], { extra: { why, state, version } });
}

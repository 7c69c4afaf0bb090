import { once } from '../../db/request-keys.ts';
import { type AddFindingResult, addFinding } from '../../db/task-findings.ts';
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
      if ('keyReused' in answer)
        throw new Problem('conflict', 'This Idempotency-Key was used for another request.');
      if (!answer.result.done) throw refusal(answer.result);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return await freshTaskPage(context, actor, task.id);
    },
  );
}

function refusal({ why, state, version }: Extract<AddFindingResult, { done: false }>): Problem {
  if (why === 'not_found') return notFound('task');
  if (why === 'finding_not_found') return notFound('finding');
  const detail: Record<Exclude<typeof why, 'not_found' | 'finding_not_found'>, string> = {
    changed: 'The task changed meanwhile: look at it again.',
    finding_changed: 'The finding changed meanwhile: look at it again.',
    other_merchant: 'The finding is of another merchant.',
    task_ended: 'The task is not open to the merchant: nothing can be added to it.',
    not_open: `The finding is ${state}: it cannot be added.`,
    in_another_task: 'Another task answers this finding already.',
    graver: 'The finding is graver than the task: it needs a task of its own.',
    other_place: 'A class 1 finding joins only a task of the same zone and kind.',
  };
  return new Problem('conflict', detail[why], { extra: { why, state, version } });
}

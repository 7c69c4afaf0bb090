import type { Static, TObject, TProperties } from 'typebox';
import { runTaskOrder, type TaskOrder } from '../../db/task-life.ts';
import type { Action } from '../../domain/access.ts';
import type { TaskReason } from '../../domain/task-history.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { freshTaskPage } from '../queries/task-page.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById } from '../schemas/common.ts';
import {
  Acknowledge,
  Answer,
  Close,
  DecideAppeal,
  Ordered,
  OrderHeaders,
  Transfer,
  WithNote,
} from '../schemas/task-order.ts';
import { seen } from '../scope.ts';
import { refusal } from '../task-refusal.ts';

/** What a body asks for, beside task, version and key. */
type Asked = Pick<TaskOrder, 'command' | 'reason' | 'note' | 'answer' | 'visited'>;

const ANSWER: Action = 'task.answer';
const DECIDE: Action = 'task.decide';
const REOPEN: Action = 'task.reopen';

/** The life of a task, a route a command (services/domain/task-life.ts). */
export function taskOrderRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  function route<P extends TProperties>(
    name: string,
    access: Action,
    summary: string,
    body: TObject<P>,
    ask: (body: Static<TObject<P>>) => Asked,
  ): void {
    api.post(
      `/tasks/:id/${name}`,
      {
        config: { access },
        schema: {
          tags: ['tasks'],
          summary,
          description:
            'Takes an Idempotency-Key: sent again with the same key it does nothing and is answered as the first time. The ' +
            'version says which task was looked at; when it changed since, the answer is 409 with state and version.',
          params: ById,
          headers: OrderHeaders,
          body,
          response: { 200: Ordered },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { id: taskId } = request.params as { id: string };
        const found = await selectTasks(db).where('task.id', '=', taskId).executeTakeFirst();
        const { id } = seen(actor, access, found, 'task');
        const given = request.body as Static<TObject<P>>;
        const order: TaskOrder = {
          ...ask(given),
          taskId: id,
          actorId: actor.accountId,
          version: (given as { version: number }).version,
          key: String(request.headers['idempotency-key']),
        };
        const result = await runTaskOrder(db, order, context.now());
        if (!result.done) throw refusal(result);
        if (result.repeated) reply.header('idempotency-replayed', 'true');
        const { state, version, repeated } = result;
        return { state, version, repeated, task: await freshTaskPage(context, actor, id) };
      },
    );
  }

  route('acknowledge', ANSWER, 'The merchant has read it (签收)', Acknowledge, () => ({
    command: 'acknowledge',
  }));
  route('submit', ANSWER, 'The merchant says how it was put right (提交整改)', Answer, (body) => ({
    command: 'submit',
    answer: { type: 'submission', text: body.text, photoIds: body.photos ?? [] },
  }));
  route('appeal', ANSWER, 'The merchant says that it is not so (申诉); the clock stands', Answer, (body) => ({
    command: 'appeal',
    answer: { type: 'appeal', text: body.text, photoIds: body.photos ?? [] },
  }));
  route('close', DECIDE, 'Put right (办结); after two returns only with a visit', Close, (body) => ({
    command: 'close',
    note: body.note ?? '',
    ...(body.visited !== undefined && { visited: body.visited }),
  }));
  route(
    'return',
    DECIDE,
    'Not good enough (退回), at most twice; after that by a field visit alone',
    WithNote,
    ({ note }) => ({
      command: 'return',
      note,
    }),
  );
  route('escalate', DECIDE, 'To the next step of the chain (升级)', WithNote, ({ note }) => ({
    command: 'escalate',
    note,
  }));
  route('transfer', DECIDE, 'To another office (移送)', Transfer, ({ to, note }) => ({
    command: 'transfer',
    reason: to,
    note: note ?? '',
  }));
  route('reopen', REOPEN, 'Handled anew (重新办理), by the inspector’s head', WithNote, ({ note }) => ({
    command: 'reopen',
    note,
  }));
  route('withdraw', DECIDE, 'Taken back (撤销)', WithNote, ({ note }) => ({ command: 'withdraw', note }));
  route(
    'decide-appeal',
    DECIDE,
    'Uphold: the task is withdrawn, its findings count as dismissed, and rechecks that it had ended as recurred go on. ' +
      'Reject: it goes on, its clock too',
    DecideAppeal,
    ({ decision, note }) => ({
      command: decision === 'uphold' ? 'uphold_appeal' : 'reject_appeal',
      note,
      reason: (decision === 'uphold' ? 'appeal_upheld' : 'appeal_rejected') satisfies TaskReason,
    }),
  );
}

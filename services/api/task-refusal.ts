/** Why a task did not take a command, in words. */
import type { TaskOrderResult } from '../db/task-life.ts';
import { invalid, notFound, Problem } from './problem.ts';

export function refusal(result: Extract<TaskOrderResult, { done: false }>): Problem {
  const extra = { why: result.why, state: result.state, version: result.version };
  const conflict = (detail: string) => new Problem('conflict', detail, { extra });
  switch (result.why) {
    case 'not_found':
      return notFound('task');
    case 'unknown_photo':
      return invalid({ field: 'photos', message: 'one of them is no photo of this task' });
    case 'changed':
      return conflict('The task changed meanwhile: look at it again.');
    case 'key_reused':
      return conflict('This Idempotency-Key was used for another command of this task.');
    case 'wrong_state':
      return conflict(`The task is ${result.state}: this cannot be done now.`);
    case 'not_acknowledged':
      return conflict('It must be acknowledged first.');
    case 'already_acknowledged':
      return conflict('It is acknowledged already.');
    case 'already_appealed':
      return conflict('It was appealed against once: the decision stands.');
    case 'too_late':
      return conflict('The time in which it could be reopened is over.');
    case 'visit_required':
      return conflict('Unanswered, or returned twice, it is closed by a field visit alone.');
  }
}

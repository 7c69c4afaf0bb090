/** Why a task did not take a command, in words. */

import type { TaskOrderResult } from '../db/task-life.ts';
import { type Said, said } from '../domain/said.ts';
import { invalid, notFound, Problem } from './problem.ts';

export function refusal(result: Extract<TaskOrderResult, { done: false }>): Problem {
  const extra = { why: result.why, state: result.state, version: result.version };
  const conflict = (detail: Said) => new Problem('conflict', detail, { extra });
  switch (result.why) {
    case 'not_found':
      return notFound('task');
    case 'unknown_photo':
      return invalid({ field: 'photos', ...said('photo_not_of_task') });
    case 'changed':
      return conflict(said('task_changed'));
    case 'key_reused':
      return conflict(said('key_used_for_task'));
    case 'wrong_state':
      return conflict(said('task_is', { state: result.state }));
    case 'not_acknowledged':
      return conflict(said('acknowledge_first'));
    case 'already_acknowledged':
      return conflict(said('acknowledged_already'));
    case 'already_appealed':
      return conflict(said('appealed_already'));
    case 'too_late':
      return conflict(said('too_late_to_reopen'));
    case 'visit_required':
      return conflict(said('visit_required'));
  }
}

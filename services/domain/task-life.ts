/**
 * The life of a rectification task (domain.md, "The rectification task") as tables: which command leads from which state to
 * which, and who may give it. Pure: no clock, no database.
 */
import type { Action } from './access.ts';
import { TASK_STATES, type TaskState } from './words.ts';

export const TASK_COMMANDS = [
  'acknowledge', // 签收
  'submit', // 提交整改
  'appeal', // 申诉
  'uphold_appeal', // 申诉成立
  'reject_appeal', // 申诉驳回
  'close', // 办结
  'return', // 退回
  'escalate', // 升级
  'transfer', // 移送
  'withdraw', // 撤销
  'begin_recheck', // 回头看开始
  'pass_recheck', // 回头看通过
  'recur', // 复发
  'resume_recheck', // 复发撤回: the appeal against what was found again was upheld
  'reopen', // 重新办理
] as const;
export type TaskCommand = (typeof TASK_COMMANDS)[number];

/** After that many returns only a field visit settles it, unless the policy says otherwise. */
export const MOST_RETURNS = 2;
/** How far a task counts its returns: as far as a policy may ask for (returnsBeforeVisit); visits may return it more often. */
export const MOST_COUNTED_RETURNS = 9;
/** The clock stands while an appeal waits: once, so that nobody stops it for ever. */
export const MOST_APPEALS = 1;

/** `resume`: back to the state that the appeal interrupted. */
export type Target = TaskState | 'resume';

/** Who gives a command: an account whose role allows the action, the system itself, or either. */
export interface Giver {
  action: Action | null;
  system: boolean;
}

const MERCHANT: Giver = { action: 'task.answer', system: false };
const INSPECTOR: Giver = { action: 'task.decide', system: false };
const EITHER: Giver = { action: 'task.decide', system: true };
/** The inspector's head: what was settled is settled unless they say otherwise. */
const HEAD: Giver = { action: 'task.reopen', system: false };
const SYSTEM: Giver = { action: null, system: true };

/** `from`: state → next state; a state that is not there does not know the command. */
export const LIFE: Record<TaskCommand, { by: Giver; from: Partial<Record<TaskState, Target>> }> = {
  acknowledge: { by: MERCHANT, from: { issued: 'acknowledged', escalated: 'acknowledged' } },
  submit: {
    by: MERCHANT,
    from: { acknowledged: 'submitted', returned: 'submitted', escalated: 'submitted' },
  },
  appeal: {
    by: MERCHANT,
    from: { issued: 'appealed', acknowledged: 'appealed', returned: 'appealed', escalated: 'appealed' },
  },
  uphold_appeal: { by: INSPECTOR, from: { appealed: 'withdrawn' } },
  reject_appeal: { by: INSPECTOR, from: { appealed: 'resume' } },
  close: {
    by: INSPECTOR,
    // without an answer of the merchant only by a recorded visit with photographs (到场核查)
    from: {
      submitted: 'closed',
      issued: 'closed',
      acknowledged: 'closed',
      returned: 'closed',
      escalated: 'closed',
    },
  },
  return: { by: INSPECTOR, from: { submitted: 'returned' } },
  escalate: {
    by: EITHER,
    // from escalated: the next step of the chain
    from: { issued: 'escalated', acknowledged: 'escalated', returned: 'escalated', escalated: 'escalated' },
  },
  transfer: {
    by: INSPECTOR,
    from: {
      issued: 'transferred',
      acknowledged: 'transferred',
      submitted: 'transferred',
      returned: 'transferred',
      escalated: 'transferred',
    },
  },
  withdraw: {
    by: INSPECTOR,
    from: {
      issued: 'withdrawn',
      acknowledged: 'withdrawn',
      submitted: 'withdrawn',
      returned: 'withdrawn',
      escalated: 'withdrawn',
    },
  },
  begin_recheck: { by: SYSTEM, from: { closed: 'recheck_due' } },
  pass_recheck: { by: EITHER, from: { recheck_due: 'recheck_passed' } },
  // from recheck_passed: what was seen in its period was judged only now (`late`)
  recur: { by: EITHER, from: { recheck_due: 'recurred', recheck_passed: 'recurred' } },
  resume_recheck: { by: SYSTEM, from: { recurred: 'recheck_due' } },
  // deadlines start anew
  reopen: { by: HEAD, from: { closed: 'issued', recheck_due: 'issued' } },
};

/** What a task has behind it, as far as commands depend on it. */
export interface TaskFacts {
  state: TaskState;
  acknowledged: boolean;
  returns: number;
  appeals: number;
  /** The state that a running appeal interrupted. */
  interrupted: TaskState | null;
  /** By the policy that was frozen onto the task; absent: MOST_RETURNS. */
  mostReturns?: number;
}

export type Refusal =
  | 'wrong_state'
  | 'not_acknowledged'
  | 'already_acknowledged'
  | 'already_appealed'
  | 'visit_required'
  | 'too_late';

/**
 * @param visited a person was there; needed to close what was returned twice, or what the merchant did not answer
 * @param recorded that visit is a record (field-visit.ts); needed to close what nobody answered, where it has photographs, and
 *   to return what was returned as often as it may be: found as it was, its clock runs on
 * @param inPeriod the time in which a closed task may be reopened is not over (its recheck period, frozen at issue)
 * @param late a finding of the recheck's period was confirmed after the recheck was passed; nobody gives that by hand
 */
export function nextState(
  task: TaskFacts,
  command: TaskCommand,
  options: { visited?: boolean; recorded?: boolean; inPeriod?: boolean; late?: boolean } = {},
): { to: TaskState } | { refused: Refusal } {
  const target = LIFE[command].from[task.state];
  if (target === undefined) return { refused: 'wrong_state' };
  if (command === 'acknowledge' && task.acknowledged) return { refused: 'already_acknowledged' };
  if (command === 'submit' && !task.acknowledged) return { refused: 'not_acknowledged' };
  if (command === 'appeal' && task.appeals >= MOST_APPEALS) return { refused: 'already_appealed' };
  if (command === 'recur' && task.state === 'recheck_passed' && options.late !== true)
    return { refused: 'wrong_state' };
  if (command === 'reopen' && options.inPeriod !== true) return { refused: 'too_late' };
  if (visitRequired(task)) {
    if (command === 'return' && options.recorded !== true) return { refused: 'visit_required' };
    if (command === 'close' && options.visited !== true) return { refused: 'visit_required' };
  }
  if (command === 'close' && task.state !== 'submitted' && options.recorded !== true)
    return { refused: 'visit_required' };
  if (target !== 'resume') return { to: target };
  return task.interrupted === null ? { refused: 'wrong_state' } : { to: task.interrupted };
}

/** 到场核查: it was returned as often as it may be. */
export function visitRequired(task: Pick<TaskFacts, 'returns' | 'mostReturns'>): boolean {
  return task.returns >= (task.mostReturns ?? MOST_RETURNS);
}

/** Commands that a task takes now, whoever gives them; a visit is offered where only that helps. */
export function commandsFor(task: TaskFacts): TaskCommand[] {
  const visited = visitRequired(task);
  return TASK_COMMANDS.filter((command) => 'to' in nextState(task, command, { visited, inPeriod: true }));
}

/** States in which the merchant owes something and the clock runs. */
export const OWED_STATES: readonly TaskState[] = ['issued', 'acknowledged', 'returned', 'escalated'];

/** States in which an answer or appeal waits for the inspector, and the merchant's clock stands. */
export const WAITING_STATES: readonly TaskState[] = ['submitted', 'appealed'];

/** States after which nothing more is asked of anybody for this task, but for its recheck. */
export const ENDED_STATES: readonly TaskState[] = [
  'closed',
  'withdrawn',
  'transferred',
  'recheck_due',
  'recheck_passed',
  'recurred',
];

/** States that no command leaves. */
export const FINAL_STATES: readonly TaskState[] = TASK_STATES.filter((state) =>
  TASK_COMMANDS.every((command) => LIFE[command].from[state] === undefined),
);

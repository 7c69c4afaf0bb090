/** Every command × state × role, against what domain.md says, written down a second time here. */
import { describe, expect, test } from 'vitest';
import { may } from '../../services/domain/access.ts';
import {
  commandsFor,
  FINAL_STATES,
  LIFE,
  nextState,
  TASK_COMMANDS,
  type TaskCommand,
  type TaskFacts,
} from '../../services/domain/task-life.ts';
import { ROLES, type Role, TASK_STATES, type TaskState } from '../../services/domain/words.ts';

/** `state command → state`, one line each; everything that is not here is refused. */
const ALLOWED = new Map(
  `issued acknowledge acknowledged
escalated acknowledge acknowledged
acknowledged submit submitted
returned submit submitted
escalated submit submitted
issued appeal appealed
acknowledged appeal appealed
returned appeal appealed
escalated appeal appealed
appealed uphold_appeal withdrawn
appealed reject_appeal acknowledged
submitted close closed
issued close closed
acknowledged close closed
returned close closed
escalated close closed
submitted return returned
issued escalate escalated
acknowledged escalate escalated
returned escalate escalated
escalated escalate escalated
issued transfer transferred
acknowledged transfer transferred
submitted transfer transferred
returned transfer transferred
escalated transfer transferred
issued withdraw withdrawn
acknowledged withdraw withdrawn
submitted withdraw withdrawn
returned withdraw withdrawn
escalated withdraw withdrawn
closed begin_recheck recheck_due
recheck_due pass_recheck recheck_passed
recheck_due recur recurred
recheck_passed recur recurred
recurred resume_recheck recheck_due
closed reopen issued
recheck_due reopen issued`
    .split('\n')
    .map((line) => {
      const [from, command, to] = line.split(' ');
      return [`${from} ${command}`, to];
    }),
);

const BY_MERCHANT: TaskCommand[] = ['acknowledge', 'submit', 'appeal'];
const BY_SYSTEM_ALONE: TaskCommand[] = ['begin_recheck', 'resume_recheck'];
const BY_SYSTEM_TOO: TaskCommand[] = ['escalate', 'pass_recheck', 'recur', ...BY_SYSTEM_ALONE];

/** A task in that state as it usually is there. */
const at = (state: TaskState, more: Partial<TaskFacts> = {}): TaskFacts => ({
  state,
  acknowledged: state !== 'issued',
  returns: state === 'returned' ? 1 : 0,
  appeals: state === 'appealed' ? 1 : 0,
  interrupted: state === 'appealed' ? 'acknowledged' : null,
  ...more,
});

function expectedRole(command: TaskCommand, role: Role): boolean {
  if (BY_SYSTEM_ALONE.includes(command)) return false;
  if (command === 'reopen') return role === 'station_head' || role === 'operator' || role === 'director';
  return BY_MERCHANT.includes(command)
    ? role === 'merchant' || role === 'food_safety_officer'
    : role === 'inspector' || role === 'station_head' || role === 'operator';
}

const actor = (role: Role) => ({
  accountId: 'a',
  username: 'a',
  role,
  regionPath: null,
  merchantId: role === 'merchant' ? 'm' : null,
  assignedMerchantIds: null,
  cameraIds: null,
});

describe('every command in every state', () => {
  const cases = TASK_COMMANDS.flatMap((command) => TASK_STATES.map((state) => ({ command, state })));
  test.each(cases)('$command of a task that is $state', ({ command, state }) => {
    const facts = at(state, command === 'acknowledge' ? { acknowledged: false } : {});
    const to = ALLOWED.get(`${state} ${command}`);
    const expected = to === undefined ? { refused: 'wrong_state' } : { to };
    const byVisit = command === 'close' && to !== undefined && state !== 'submitted';
    expect(nextState(facts, command, { inPeriod: true, late: true })).toEqual(
      byVisit ? { refused: 'visit_required' } : expected,
    );
    // That somebody was there is not enough: it takes the record of a visit, with photographs.
    expect(nextState(facts, command, { inPeriod: true, late: true, visited: true })).toEqual(
      byVisit ? { refused: 'visit_required' } : expected,
    );
    const recorded = { inPeriod: true, late: true, visited: true, recorded: true };
    expect(nextState(facts, command, recorded)).toEqual(expected);
  });

  test('the list above has no line that the table lacks', () => {
    const known = TASK_COMMANDS.flatMap((command) =>
      Object.keys(LIFE[command].from).map((state) => `${state} ${command}`),
    );
    expect([...ALLOWED.keys()].sort()).toEqual(known.sort());
  });
});

describe('every command by every role', () => {
  const cases = TASK_COMMANDS.flatMap((command) => ROLES.map((role) => ({ command, role })));
  test.each(cases)('$command by $role', ({ command, role }) => {
    const { action } = LIFE[command].by;
    expect(action !== null && may(actor(role), action)).toBe(expectedRole(command, role));
  });

  test('a merchant answers for its own tasks only, an inspector decides in its region only', () => {
    const mine = { regionPath: 'county.east', merchantId: 'm' };
    expect(may(actor('merchant'), 'task.answer', mine)).toBe(true);
    expect(may(actor('merchant'), 'task.answer', { ...mine, merchantId: 'other' })).toBe(false);
    const east = { ...actor('inspector'), regionPath: 'county.east' };
    expect(may(east, 'task.decide', mine)).toBe(true);
    expect(may(east, 'task.decide', { ...mine, regionPath: 'county.east-west' })).toBe(false);
  });

  test('the system does what runs by the clock, and nothing else', () => {
    const bySystem = TASK_COMMANDS.filter((command) => LIFE[command].by.system);
    expect(bySystem.sort()).toEqual([...BY_SYSTEM_TOO].sort());
  });
});

describe('what a task has behind it', () => {
  test('it is acknowledged once, and before it is submitted, also when it was escalated', () => {
    expect(nextState(at('escalated', { acknowledged: false }), 'submit')).toEqual({
      refused: 'not_acknowledged',
    });
    expect(nextState(at('escalated'), 'acknowledge')).toEqual({ refused: 'already_acknowledged' });
  });

  test('returned twice at most; then it is closed only by one who was there', () => {
    const once = at('submitted', { returns: 1 });
    const twice = at('submitted', { returns: 2 });
    expect(nextState(once, 'return')).toEqual({ to: 'returned' });
    expect(nextState(once, 'close')).toEqual({ to: 'closed' });
    expect(nextState(twice, 'return')).toEqual({ refused: 'visit_required' });
    expect(nextState(twice, 'close')).toEqual({ refused: 'visit_required' });
    expect(nextState(twice, 'close', { visited: true })).toEqual({ to: 'closed' });
  });

  test('returned twice, it is returned again only by the record of a visit', () => {
    const twice = at('submitted', { returns: 2 });
    expect(nextState(twice, 'return', { visited: true })).toEqual({ refused: 'visit_required' });
    expect(nextState(twice, 'return', { visited: true, recorded: true })).toEqual({ to: 'returned' });
    // Nobody is offered what only a visit's record can give.
    expect(commandsFor(twice)).toEqual(['close', 'transfer', 'withdraw']);
  });

  test('one appeal; when it is rejected the task goes on where it was', () => {
    expect(nextState(at('acknowledged', { appeals: 1 }), 'appeal')).toEqual({ refused: 'already_appealed' });
    for (const interrupted of ['issued', 'acknowledged', 'returned', 'escalated'] as const) {
      expect(nextState(at('appealed', { interrupted }), 'reject_appeal')).toEqual({ to: interrupted });
    }
  });

  test('closed is closed, unless the head reopens it in time', () => {
    expect(nextState(at('closed'), 'reopen')).toEqual({ refused: 'too_late' });
    expect(nextState(at('closed'), 'reopen', { inPeriod: true })).toEqual({ to: 'issued' });
  });

  test('what may be asked now, and where life ends', () => {
    expect(commandsFor(at('submitted'))).toEqual(['close', 'return', 'transfer', 'withdraw']);
    expect([...FINAL_STATES].sort()).toEqual(['transferred', 'withdrawn']);
    // Nobody asks a passed recheck for anything; only what was seen before it was passed ends it otherwise.
    expect(commandsFor(at('recheck_passed'))).toEqual([]);
    expect(nextState(at('recheck_passed'), 'recur')).toEqual({ refused: 'wrong_state' });
    expect(nextState(at('recheck_passed'), 'recur', { late: true })).toEqual({ to: 'recurred' });
  });
});

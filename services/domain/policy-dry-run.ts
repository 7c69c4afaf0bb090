/** 试运行: what a policy would have done to findings and tasks that were there. Pure; the same functions as the real thing. */
import { type MeasuredVerdicts, mayDispatch } from './dispatch.ts';
import type { FrozenPolicy } from './policy.ts';
import { addTime } from './task-clock.ts';
import { frozenLimits, timeOf } from './task-steps.ts';
import { isViolationKind, type KindCode, type TaskClass } from './words.ts';

/** A task as far as deadlines go. */
export interface PastTask {
  class: TaskClass;
  issuedAt: Date;
  acknowledgedAt: Date | null;
  submittedAt: Date | null;
  /** Closed, withdrawn or transferred. */
  endedAt: Date | null;
  /** Milliseconds that appeals stood. */
  pausedMs: number;
  issuedByPerson: boolean;
  /** As it was frozen. */
  frozen: FrozenPolicy;
}

/** A finding, with its task if one was issued; one of the two lies in the period, or the task was open in it. */
export interface PastFinding {
  createdAt: Date;
  kind: KindCode;
  /** A model found it: only such are dispatched without a person. */
  byModel: boolean;
  /** Of its rule. */
  ruleClass: TaskClass;
  /** As it was recorded, under the policy of then. */
  recordedClass: TaskClass;
  /** What a person said; goes before rule and policy. null: nothing. */
  classByPerson: TaskClass | null;
  fingerprint: string;
  /** A person dismissed it as wrong. */
  dismissedAsWrong: boolean;
  task: PastTask | null;
  /** As the changed policy would be frozen onto a task issued then. */
  changed: FrozenPolicy;
  /** Verdicts as they stood at the start of the period, for the changed terms. */
  measured: MeasuredVerdicts;
}

const pair = () => ({ was: 0, would: 0 });

export interface DryRunRow {
  kind: KindCode;
  /** As it was. */
  class: TaskClass;
  findings: number;
  /** Issued in the period. */
  tasks: number;
  /**
   * Issued before the period and still open in it: their policy was frozen, a changed one would have done nothing to them. What
   * happened to them in the period counts the same on both sides, so that `was` is what people saw.
   */
  carriedOver: number;
  /** Would have another class. */
  classChanged: number;
  issuedWithoutPerson: { was: number; would: number };
  /** Would have been issued without a person, and a person dismissed them. */
  wouldBeWrong: number;
  /** Due times that would lie elsewhere. */
  acknowledgeDue: { earlier: number; later: number };
  submitDue: { earlier: number; later: number };
  /** Tasks that were late with a step in the period. */
  overdue: { was: number; would: number };
  /** Steps of the chain taken in the period. */
  escalations: { was: number; would: number };
}

/** [from, to): what had not happened by `to` counts as not yet. */
export interface DryRunPeriod {
  from: Date;
  to: Date;
}

export function dryRun(findings: readonly PastFinding[], period: DryRunPeriod): DryRunRow[] {
  const rows = new Map<string, DryRunRow>();
  for (const finding of findings) {
    const before = finding.task?.class ?? finding.classByPerson ?? finding.recordedClass;
    const row = rowOf(rows, finding.kind, before);
    const { changed, kind, measured, fingerprint } = finding;
    const isNew = finding.createdAt >= period.from;
    if (isNew) row.findings += 1;
    const dispatched =
      isNew &&
      finding.byModel &&
      isViolationKind(kind) &&
      mayDispatch(changed.policy, kind, measured, fingerprint).dispatch;
    if (dispatched) {
      row.issuedWithoutPerson.would += 1;
      if (finding.dismissedAsWrong) row.wouldBeWrong += 1;
    }
    if (finding.task !== null && finding.task.issuedAt < period.from) {
      carryOver(row, finding.task, period);
      continue;
    }
    const after = frozenLimits(changed, kind, finding.ruleClass, finding.classByPerson).class;
    if (after !== before) row.classChanged += 1;
    if (finding.task !== null && finding.task.issuedAt < period.to)
      compare(row, finding.task, { ...finding.task, class: after, frozen: finding.changed }, period);
  }
  return [...rows.values()].sort((a, b) => a.kind.localeCompare(b.kind) || a.class - b.class);
}

function rowOf(rows: Map<string, DryRunRow>, kind: KindCode, taskClass: TaskClass): DryRunRow {
  const key = `${kind}|${taskClass}`;
  const known = rows.get(key);
  if (known !== undefined) return known;
  const row: DryRunRow = {
    kind,
    class: taskClass,
    findings: 0,
    tasks: 0,
    carriedOver: 0,
    classChanged: 0,
    issuedWithoutPerson: pair(),
    wouldBeWrong: 0,
    acknowledgeDue: { earlier: 0, later: 0 },
    submitDue: { earlier: 0, later: 0 },
    overdue: pair(),
    escalations: pair(),
  };
  rows.set(key, row);
  return row;
}

function carryOver(row: DryRunRow, task: PastTask, period: DryRunPeriod): void {
  const { overdue, escalations } = courseOf(task, period);
  row.carriedOver += 1;
  for (const side of ['was', 'would'] as const) {
    row.overdue[side] += overdue ? 1 : 0;
    row.escalations[side] += escalations;
  }
}

function compare(row: DryRunRow, was: PastTask, would: PastTask, period: DryRunPeriod): void {
  row.tasks += 1;
  if (!was.issuedByPerson) row.issuedWithoutPerson.was += 1;
  const [old, changed] = [courseOf(was, period), courseOf(would, period)];
  moved(row.acknowledgeDue, old.acknowledgeDue, changed.acknowledgeDue);
  moved(row.submitDue, old.submitDue, changed.submitDue);
  row.overdue.was += old.overdue ? 1 : 0;
  row.overdue.would += changed.overdue ? 1 : 0;
  row.escalations.was += old.escalations;
  row.escalations.would += changed.escalations;
}

function moved(count: { earlier: number; later: number }, old: Date, changed: Date): void {
  if (changed < old) count.earlier += 1;
  if (changed > old) count.later += 1;
}

/** How a task went in the period, or would have gone had people acted when they did. */
function courseOf(task: PastTask, { from, to }: DryRunPeriod) {
  const time = timeOf(task.frozen, task.class);
  const { acknowledgeMin, submitMin } = task.frozen.policy.limits[task.class];
  const dueAfter = (minutes: number): Date =>
    addTime(time, addTime(time, task.issuedAt, minutes * 60_000), task.pausedMs);
  const acknowledgeDue = dueAfter(acknowledgeMin);
  const submitDue = dueAfter(submitMin);
  const end = earliest(task.endedAt, to);
  const acknowledged = earliest(task.acknowledgedAt, end);
  const submitted = earliest(task.submittedAt, end);
  const chain = task.frozen.policy.escalation[task.class];
  const steps = (due: Date, stop: Date): number => {
    let at = due;
    let count = 0;
    for (const { delayMin } of chain) {
      at = addTime(time, at, delayMin * 60_000);
      if (at >= stop) break;
      if (at >= from) count += 1;
    }
    return count;
  };
  return {
    acknowledgeDue,
    submitDue,
    overdue:
      (acknowledgeDue < acknowledged && acknowledged > from) || (submitDue < submitted && submitted > from),
    escalations: steps(acknowledgeDue, earliest(acknowledged, submitDue)) + steps(submitDue, submitted),
  };
}

function earliest(at: Date | null, other: Date): Date {
  return at !== null && at < other ? at : other;
}

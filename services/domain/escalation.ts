/** 升级: whom a step of the chain tells, who stands in where nobody has that role, and what its document says. Pure. */
import { localTime } from './hours.ts';
import type { ChainRecipient } from './policy.ts';
import type { TaskStep } from './task-clock.ts';
import type { Role } from './words.ts';

/** The role itself first; then those who answer for it, so that no step is told to nobody. */
export const STAND_INS: Record<ChainRecipient, readonly Role[]> = {
  food_safety_officer: ['food_safety_officer', 'merchant'],
  inspector: ['inspector', 'station_head', 'director', 'operator'],
  station_head: ['station_head', 'director', 'operator'],
  director: ['director', 'operator'],
};

/** Which side hears it: the merchant's own people, or the bureau's. */
export function audienceOf(to: ChainRecipient): 'merchant' | 'inspector' {
  return to === 'food_safety_officer' ? 'merchant' : 'inspector';
}

/** Whom a step tells, given the roles that somebody has there. */
export function toldRole(to: ChainRecipient, held: readonly Role[]): Role {
  return STAND_INS[to].find((role) => held.includes(role)) ?? to;
}

/** 事由 of a drafted document: the facts that the system knows. The head who issues it says the rest. */
export function draftReason(
  task: { number: string; late: TaskStep; due: Date; told: number },
  timeZone: string,
): string {
  const { date, minute } = localTime(task.due, timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  const due = `${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  const what = task.late === 'acknowledge' ? '签收' : '提交整改';
  return `整改任务 ${task.number} 应于 ${due} 前${what}，已逾期；系统已逐级提醒 ${task.told} 次，仍未完成。`;
}

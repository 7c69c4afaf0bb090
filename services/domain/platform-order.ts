/** What a platform may order (domain.md, "export to and import from outside platforms"). Pure. */
import { type Said, said } from './said.ts';
import type { TaskCommand } from './task-life.ts';

export const PLATFORM_COMMANDS = ['receipt', 'comment', 'assign', 'close', 'return', 'withdraw'] as const;
/** `receipt`: the platform has the task (its case number comes along); `assign`: who is to look after it. */
export type PlatformCommand = (typeof PLATFORM_COMMANDS)[number];

/** What the order is in the life of the task; undefined: it changes no state. */
export const TASK_COMMAND: Record<PlatformCommand, TaskCommand | undefined> = {
  receipt: undefined,
  comment: undefined,
  assign: undefined,
  close: 'close',
  return: 'return',
  withdraw: 'withdraw',
};

/** As it comes, over HTTP or MQTT. */
export interface PlatformOrder {
  /** Number of the task. */
  task: string;
  command: PlatformCommand;
  version?: number;
  /** What the platform calls it. */
  externalRef?: string;
  note?: string;
  /** Name of one of our accounts. */
  assignee?: string;
  /** Whom the platform means, in its own words. */
  unit?: string;
  visited?: boolean;
}

/** What is missing or too much, by field; empty: it can be carried out. */
export function orderFaults(order: PlatformOrder): ({ field: string } & Said)[] {
  const faults: ({ field: string } & Said)[] = [];
  const missing = (field: string, why: Said): void => {
    faults.push({ field, ...why });
  };
  const { command } = order;
  if (TASK_COMMAND[command] !== undefined && order.version === undefined)
    missing('version', said('order_needs_version'));
  if (['comment', 'return', 'withdraw'].includes(command) && (order.note ?? '').trim() === '')
    missing('note', said('order_needs_words', { command }));
  if (command === 'assign' && (order.assignee === undefined) === (order.unit === undefined))
    faults.push({ field: 'assignee', ...said('assignee_or_unit') });
  if (command !== 'assign')
    for (const field of ['assignee', 'unit'] as const)
      if (order[field] !== undefined) faults.push({ field, ...said('belongs_to_assign') });
  return faults;
}

/** Seconds that a signed order may be old, and may lie ahead of our clock. Keys are remembered for longer. */
export const ORDER_OLDEST_S = 24 * 3600;
export const ORDER_AHEAD_S = 300;

/** Whether an order that was signed then is taken now. */
export function isFresh(timestampS: number, now: Date): boolean {
  const age = now.getTime() / 1000 - timestampS;
  return age <= ORDER_OLDEST_S && age >= -ORDER_AHEAD_S;
}

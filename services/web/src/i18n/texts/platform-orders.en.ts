/** The page of platforms' orders. */
import type { platformOrdersZh } from './platform-orders.zh.ts';

export const platformOrdersEn: typeof platformOrdersZh = {
  platformOrders: {
    title: 'Platforms’ orders',
    done: { true: 'Done', false: 'Refused' },
    none: 'No platform gave an order',
    noneRefused: 'No order was refused',
    noneHint: 'Orders that platforms give, by HTTP or at their broker, are listed here.',
    task: 'Number of the task',
    find: 'Find',
    ref: 'its number {{ref}}',
    key: 'idempotency key {{key}}',
    command: {
      receipt: 'Receipt',
      comment: 'Comment',
      assign: 'Assign',
      close: 'Close',
      return: 'Return',
      withdraw: 'Withdraw',
    },
    why: {
      not_found: 'There is no task of this number, or it lies outside of the platform’s regions',
      changed: 'The task had changed: the platform looked at an older version',
      key_reused: 'The idempotency key was used for another order',
      unknown_assignee: 'There is no such person, or it may not look after this task',
      unknown_photo: 'A photo is not of this task',
      wrong_state: 'The task’s state does not allow it',
      not_acknowledged: 'The task is not acknowledged yet',
      already_acknowledged: 'The task is acknowledged already',
      already_appealed: 'The task was appealed against once',
      too_late: 'The time in which it could be reopened is over',
      visit_required: 'It is closed by a field visit alone',
    },
  },
};

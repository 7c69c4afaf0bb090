import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { TaskCommand, TaskDetail } from '../../api/task-types.ts';

/** A command with what it says; its version is that of the task that is on screen. */
export interface TaskOrder {
  command: TaskCommand;
  body: Record<string, unknown>;
}

/** A key of our own making: crypto.randomUUID is only there on secure addresses, and a kitchen's tablet may not use one. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function routeOf({ command, body }: TaskOrder): [string, Record<string, unknown>] {
  if (command === 'uphold_appeal') return ['decide-appeal', { ...body, decision: 'uphold' }];
  if (command === 'reject_appeal') return ['decide-appeal', { ...body, decision: 'reject' }];
  return [command, body];
}

/**
 * Sends commands of one task. When no answer came, the same command sent again carries the same key: whether or not the
 * first one arrived, it counts once.
 */
export function useTaskOrder(
  task: TaskDetail,
  told: { onDone(order: TaskOrder): void; onRefused(order: TaskOrder, error: unknown): void },
) {
  const client = useQueryClient();
  const unanswered = useRef<{ order: string; key: string }>(undefined);
  return useMutation({
    async mutationFn(order: TaskOrder) {
      const [route, body] = routeOf(order);
      const whole = { ...body, version: task.version };
      const said = JSON.stringify([route, whole]);
      if (unanswered.current?.order !== said) unanswered.current = { order: said, key: newKey() };
      const answer = await ask<{ task: TaskDetail }>(`/tasks/${encodeURIComponent(task.id)}/${route}`, {
        method: 'POST',
        body: whole,
        headers: { 'idempotency-key': unanswered.current.key },
      });
      unanswered.current = undefined;
      return answer.task;
    },
    onSuccess(fresh, order) {
      client.setQueryData(keys.task(task.id), fresh);
      told.onDone(order);
      void client.invalidateQueries({ queryKey: keys.tasks });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
    onError(error, order) {
      if (error instanceof ApiError && error.status > 0) unanswered.current = undefined;
      told.onRefused(order, error);
      void client.invalidateQueries({ queryKey: keys.task(task.id) });
    },
  });
}

import type { QueryClient } from '@tanstack/react-query';
import { contextsWith, patchFinding } from '../api/finding-cache.ts';
import { keys } from '../api/keys.ts';
import type { LiveEvent } from '../api/live.ts';

/** Milliseconds over which questions are gathered, so that a burst of events asks once. */
const GATHER_MS = 400;
/** The same for the figures of the head: a look at them now and then does while cards are judged every few seconds. */
const FIGURES_MS = 4000;

/** Questions whose answers an event made out of date. */
function outdated({ type, payload }: LiveEvent): (readonly string[])[] {
  const finding = keys.finding(String(payload.findingId));
  switch (type) {
    case 'finding.created':
      return [keys.overview];
    case 'finding.seen_again':
      return [finding];
    case 'finding.confirmed':
    case 'finding.dismissed':
    case 'finding.judged':
    case 'finding.reopened':
    case 'finding.split':
      return [finding, keys.overview];
    case 'finding.merged':
      return [finding, keys.finding(String(payload.intoId)), keys.overview];
    case 'document.issued':
    case 'document.voided':
      return [keys.task(String(payload.taskId))];
    case 'task.issued':
    case 'task.finding_added':
    case 'task.reopened':
    case 'task.acknowledged':
    case 'task.submitted':
    case 'task.appealed':
    case 'task.appeal_rejected':
    case 'task.returned':
    case 'task.escalated':
    case 'task.transferred':
    case 'task.withdrawn':
    case 'task.closed':
    case 'task.recheck_due':
    case 'task.recheck_passed':
    case 'task.recurred':
      return [keys.tasks, keys.task(String(payload.taskId)), keys.overview];
    case 'camera.state':
      return [keys.cameras, keys.overview];
    case 'camera.fault_opened':
    case 'camera.fault_closed':
      return [keys.cameras];
    case 'gateway.state':
      return [keys.gateways];
    case 'tip.received':
      return [keys.overview];
  }
}

/**
 * What a live event makes out of date. Lists of findings are never asked for again here: an inspector's list must not
 * move by itself (the desk offers the new ones instead).
 */
export function applyLive(client: QueryClient): { apply(event: LiveEvent): void; stop(): void } {
  const gather = (ms: number) => {
    const due = new Map<string, readonly string[]>();
    let timer: number | undefined;
    return {
      add(key: readonly string[]): void {
        due.set(key.join('/'), key);
        timer ??= window.setTimeout(() => {
          timer = undefined;
          const now = [...due.values()];
          due.clear();
          for (const queryKey of now) void client.invalidateQueries({ queryKey });
        }, ms);
      },
      stop: () => clearTimeout(timer),
    };
  };
  const soon = gather(GATHER_MS);
  const figures = gather(FIGURES_MS);
  const later = (queries: (readonly string[])[]): void => {
    for (const key of queries) (key === keys.overview ? figures : soon).add(key);
  };

  const apply = (event: LiveEvent): void => {
    const { findingId, count } = event.payload;
    if (typeof findingId === 'string') {
      if (event.type === 'finding.seen_again' && typeof count === 'number') {
        patchFinding(client, findingId, { count });
        later(contextsWith(client, findingId));
      }
      if (event.type === 'finding.confirmed') patchFinding(client, findingId, { state: 'confirmed' });
      if (event.type === 'finding.dismissed') patchFinding(client, findingId, { state: 'dismissed' });
    }
    // A list of tips that is open offers the new one itself; it must not move by itself either.
    if (event.type === 'tip.received')
      void client.invalidateQueries({ queryKey: keys.tips, refetchType: 'none' });
    later(outdated(event));
  };
  const stop = (): void => {
    soon.stop();
    figures.stop();
  };
  return { apply, stop };
}

import { useSyncExternalStore } from 'react';

/** One clock for all ages and countdowns on the page: a timer only while somebody looks at it. */
const listeners = new Set<() => void>();
let timer: number | undefined;
let nowMs = Date.now();

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = window.setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Now in ms, rounded down to `stepS` seconds: the component renders again only when that changes. */
export function useNow(stepS = 1): number {
  const stepMs = stepS * 1000;
  return useSyncExternalStore(subscribe, () => Math.floor(nowMs / stepMs) * stepMs);
}

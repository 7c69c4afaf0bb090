/**
 * Counts failed attempts by key (address, user name) in memory: enough for one API process. With several, each counts for
 * itself, so an attacker has that many times more attempts.
 */
export interface AttemptLimit {
  /** Takes one attempt before it is known how it ends. @returns seconds to wait when there is none left */
  take(key: string): number | undefined;
  /** The attempt was good: it does not count. Earlier ones stay, or one who knows one password could guess on and on. */
  giveBack(key: string): void;
  /** All attempts of this key are forgotten. */
  forget(key: string): void;
}

/** Keys kept at most; beyond it, those whose window has passed are cleared, then the oldest. */
const MOST_KEYS = 10_000;

export function attemptLimit(options: { max: number; windowS: number; now: () => Date }): AttemptLimit {
  const { max, windowS, now } = options;
  const windows = new Map<string, { until: number; count: number }>();

  const makeRoom = (at: number): void => {
    for (const [key, window] of windows) if (window.until <= at) windows.delete(key);
    for (const key of windows.keys()) {
      if (windows.size < MOST_KEYS) return;
      windows.delete(key);
    }
  };

  return {
    take(key) {
      const at = now().getTime();
      const window = windows.get(key);
      if (window === undefined || window.until <= at) {
        if (windows.size >= MOST_KEYS) makeRoom(at);
        windows.set(key, { until: at + windowS * 1000, count: 1 });
        return undefined;
      }
      if (window.count >= max) return Math.ceil((window.until - at) / 1000);
      window.count += 1;
      return undefined;
    },
    giveBack(key) {
      const window = windows.get(key);
      if (window !== undefined) window.count = Math.max(0, window.count - 1);
    },
    forget(key) {
      windows.delete(key);
    },
  };
}

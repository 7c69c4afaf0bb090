/** Whether the line keeps up: what comes late all the time comes later and later. */

const WINDOW_MS = 3_000;
/** Milliseconds that the quickest record of a window may be late. */
const LATE_MS = 3_000;
/** What is asked for then, of what came. */
const OF_WHAT_CAME = 0.7;

export interface LineSpeed {
  /** @returns megabits a second to ask for instead, when the line does not keep up */
  came(nowMs: number, bytes: number, lateMs: number): number | undefined;
}

export function lineSpeed(): LineSpeed {
  let since = 0;
  let bytes = 0;
  let least = Number.POSITIVE_INFINITY;
  return {
    came(nowMs, count, lateMs) {
      if (since === 0) since = nowMs;
      bytes += count;
      least = Math.min(least, lateMs);
      const tookMs = nowMs - since;
      if (tookMs < WINDOW_MS) return undefined;
      const mbits = (bytes * 8) / tookMs / 1000;
      const slow = least > LATE_MS;
      since = nowMs;
      bytes = 0;
      least = Number.POSITIVE_INFINITY;
      return slow ? Math.max(0.1, mbits * OF_WHAT_CAME) : undefined;
    },
  };
}

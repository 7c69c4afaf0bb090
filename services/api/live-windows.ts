/** Windows with live video: of this process, and of one account. */
const MOST = 64;
const MOST_OF_ONE = 4;

export interface LiveWindows {
  /** @returns how to leave; undefined: as many watch as is allowed */
  enter(accountId: string, end: () => void): (() => void) | undefined;
  /** Ends all; nobody enters any more. */
  close(): void;
}

/** A wall is one window, however many cameras it shows. */
export function createLiveWindows(gauge: { inc(): void; dec(): void }): LiveWindows {
  const open = new Set<{ accountId: string; end: () => void }>();
  let closed = false;
  return {
    enter(accountId, end) {
      const ofOne = [...open].filter((one) => one.accountId === accountId).length;
      if (closed || open.size >= MOST || ofOne >= MOST_OF_ONE) return undefined;
      const entry = { accountId, end };
      open.add(entry);
      gauge.inc();
      return () => {
        if (open.delete(entry)) gauge.dec();
      };
    },
    close() {
      closed = true;
      for (const { end } of open) end();
    },
  };
}

/** What will happen, in the order of its time; what happens adds more. */
export interface Agenda {
  add(at: Date, what: (now: Date) => Promise<unknown>): void;
  /** Does everything before `until`, in order; what comes later never happens. */
  run(until: Date): Promise<void>;
}

interface Entry {
  at: number;
  /** Of equal times, the one added first. */
  order: number;
  what: (now: Date) => Promise<unknown>;
}

/** A binary heap by time. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let added = 0;
  const earlier = (a: Entry | undefined, b: Entry | undefined): boolean =>
    a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]];
    if (a !== undefined && b !== undefined) [heap[i], heap[j]] = [b, a];
  };
  const take = (): Entry | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let here = 0; ; ) {
      let least = here;
      for (const child of [2 * here + 1, 2 * here + 2]) if (earlier(heap[child], heap[least])) least = child;
      if (least === here) return first;
      swap(here, least);
      here = least;
    }
  };
  return {
    add(at, what) {
      let here = heap.push({ at: at.getTime(), order: added, what }) - 1;
      added += 1;
      while (here > 0) {
        const parent = (here - 1) >> 1;
        if (!earlier(heap[here], heap[parent])) break;
        swap(here, parent);
        here = parent;
      }
    },
    async run(until) {
      for (let next = take(); next !== undefined && next.at < until.getTime(); next = take()) {
        await next.what(new Date(next.at));
      }
    },
  };
}

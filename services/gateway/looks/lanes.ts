import { Stopped } from '../keep-trying.ts';

/** Frames of one camera that may wait behind the one in hand. */
const WAITING_FRAMES = 2;
/** Cameras that are worked on at once: enough to keep disk and database busy, few enough to stay fair. */
const LANES_AT_ONCE = 24;

export interface LaneTask {
  /** Raw frames give way to newer ones; everything else is worked off. */
  replaceable: boolean;
  run(): Promise<void>;
}

interface Waiting extends LaneTask {
  done: PromiseWithResolvers<void>;
}

interface Lane {
  /** In hand, or in line for it. */
  busy: boolean;
  waiting: Waiting[];
  /** Frames that a newer one replaced: answered together with what is in hand, never before it. */
  replaced: Waiting[];
}

/**
 * One camera's messages in order, many cameras side by side: a slow one holds up only itself. What waits is bounded: newest
 * frames win.
 */
export interface Lanes {
  /** Resolves when the message may be acknowledged; rejects like `run`. */
  submit(key: string, task: LaneTask): Promise<void>;
  /** Frames that gave way to newer ones, since the start. */
  readonly replaced: number;
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const ready: string[] = [];
  let busy = 0;
  let replaced = 0;

  const pump = (): void => {
    while (busy < LANES_AT_ONCE) {
      const key = ready.shift();
      if (key === undefined) return;
      const lane = lanes.get(key);
      const next = lane?.waiting.shift();
      if (lane === undefined || next === undefined) continue;
      busy += 1;
      void work(key, lane, next);
    }
  };
  const work = async (key: string, lane: Lane, task: Waiting): Promise<void> => {
    const settle = (end: (one: Waiting) => void): void => {
      end(task);
      for (const one of lane.replaced.splice(0)) end(one);
    };
    try {
      await task.run();
      settle((one) => one.done.resolve());
    } catch (error) {
      const unanswered = error instanceof Stopped;
      settle((one) => (one === task || unanswered ? one.done.reject(error) : one.done.resolve()));
    }
    busy -= 1;
    if (lane.waiting.length > 0) ready.push(key);
    else lanes.delete(key);
    pump();
  };
  return {
    get replaced() {
      return replaced;
    },
    submit(key, task) {
      const lane = lanes.get(key) ?? { busy: false, waiting: [], replaced: [] };
      lanes.set(key, lane);
      const waiting: Waiting = { ...task, done: Promise.withResolvers<void>() };
      lane.waiting.push(waiting);
      const frames = lane.waiting.filter((one) => one.replaceable);
      const oldest = frames[0];
      if (oldest !== undefined && frames.length > WAITING_FRAMES) {
        lane.waiting.splice(lane.waiting.indexOf(oldest), 1);
        lane.replaced.push({ ...oldest, run: async () => {} });
        replaced += 1;
      }
      if (!lane.busy) ready.push(key);
      lane.busy = true;
      pump();
      return waiting.done.promise;
    },
  };
}

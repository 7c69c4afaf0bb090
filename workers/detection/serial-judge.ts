import type { LookJudge } from '../../models/runtime/look-judge.ts';

/**
 * Lets several looks be in hand at once (one waits for the disk or the database while another computes), though calls of one
 * judge must not overlap.
 */
export function serialJudge(judge: LookJudge): LookJudge {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
  const { judgeLook } = judge;
  return {
    kinds: judge.kinds,
    motionKinds: judge.motionKinds ?? [],
    models: judge.models,
    modelsOf: (kind) => judge.modelsOf?.(kind) ?? judge.models,
    judgeFrame: (frame, kinds) => inTurn(() => judge.judgeFrame(frame, kinds)),
    ...(judgeLook ? { judgeLook: (frames, view) => inTurn(() => judgeLook.call(judge, frames, view)) } : {}),
    close: () => inTurn(() => judge.close()),
  };
}

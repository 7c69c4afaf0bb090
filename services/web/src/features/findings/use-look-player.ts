import { useCallback, useEffect, useState } from 'react';

/** Milliseconds a frame stands while a look is played: a burst of 6 s passes in three. */
const STEP_MS = 600;

/** Which frame of a look is shown. Starts again at `first` when `lookId` changes. */
export function useLookPlayer(lookId: string, frames: number, first: number) {
  const [at, setAt] = useState({ lookId, index: first, playing: false });
  const now = at.lookId === lookId ? at : { lookId, index: first, playing: false };
  const index = Math.min(now.index, Math.max(0, frames - 1));
  const { playing } = now;

  useEffect(() => {
    if (!playing || frames < 2) return;
    const timer = window.setTimeout(
      () => setAt({ lookId, index: (index + 1) % frames, playing: true }),
      STEP_MS,
    );
    return () => clearTimeout(timer);
  }, [playing, lookId, index, frames]);

  const choose = useCallback((to: number) => setAt({ lookId, index: to, playing: false }), [lookId]);
  const step = (by: number): void => {
    if (frames > 0) setAt({ lookId, index: (index + by + frames) % frames, playing: false });
  };
  const togglePlay = (): void => setAt({ lookId, index, playing: !playing });
  return { index, playing, choose, step, togglePlay };
}

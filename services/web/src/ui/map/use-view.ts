import { useCallback, useMemo, useState } from 'react';
import type { Point } from './outline.ts';

export interface Size {
  width: number;
  height: number;
}
/** A point p of the whole map is shown at p × k + (x, y). */
export interface View {
  k: number;
  x: number;
  y: number;
}

const WHOLE: View = { k: 1, x: 0, y: 0 };
const MOST = 24;

/** The map never leaves its frame. */
function within({ k, x, y }: View, { width, height }: Size): View {
  const clamp = (value: number, length: number): number => Math.min(0, Math.max(length * (1 - k), value));
  return { k, x: clamp(x, width), y: clamp(y, height) };
}

/** Which part of a map is shown. `zoom` keeps the point under `at` where it is. */
export function useView(size: Size, of: string | undefined) {
  const { width, height } = size;
  const [view, setView] = useState(WHOLE);
  const [shown, setShown] = useState(of);
  if (shown !== of) {
    setShown(of);
    setView(WHOLE);
  }
  const zoom = useCallback(
    (factor: number, at: Point = { x: width / 2, y: height / 2 }) =>
      setView(({ k, x, y }) => {
        const next = Math.min(MOST, Math.max(1, k * factor));
        const by = next / k;
        return within({ k: next, x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by }, { width, height });
      }),
    [width, height],
  );
  const move = useCallback(
    (dx: number, dy: number) =>
      setView(({ k, x, y }) => within({ k, x: x + dx, y: y + dy }, { width, height })),
    [width, height],
  );
  const whole = useCallback(() => setView(WHOLE), []);
  return useMemo(() => ({ view, zoom, move, whole }), [view, zoom, move, whole]);
}

export type ViewControl = ReturnType<typeof useView>;

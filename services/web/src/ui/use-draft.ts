import { useState } from 'react';
import type { MeanwhileProps } from './Meanwhile.tsx';
import { useBegan } from './use-began.ts';

interface Draft<T, V> {
  typed: V;
  set(change: Partial<V>): void;
  /** What the form began with: what is saved comes after it. */
  began: T;
  isTyped: boolean;
  /** What is there came otherwise while something was typed: what is said of it, and the two ways on. @param then after either */
  meanwhile(then: () => void): MeanwhileProps | undefined;
  /** The form begins anew with what it has just saved. */
  saved(thing: T): void;
  /** As the form began. */
  reset(): void;
}

/**
 * What is typed into a form that is saved whole, apart from what is there. What comes while nothing was typed is shown at once; what
 * comes over something typed is told, and saved over only by who says so.
 * @param now what is there, as the newest answer has it
 * @param keyOf same texts: nothing changed that the form is about
 * @param start the fields of the form
 */
export function useDraft<T, V extends object>(
  now: T,
  keyOf: (one: T) => string,
  start: (one: T) => V,
): Draft<T, V> {
  const { began, moved, begin } = useBegan(now, keyOf);
  const [typed, setTyped] = useState(() => start(began));
  const isTyped = JSON.stringify(typed) !== JSON.stringify(start(began));
  const show = (one: T): void => {
    begin(one);
    setTyped(start(one));
  };
  if (moved !== undefined && !isTyped) show(moved);
  return {
    typed,
    set: (change) => setTyped((before) => ({ ...before, ...change })),
    began,
    isTyped,
    meanwhile(then) {
      if (moved === undefined || !isTyped) return undefined;
      const after = (way: (one: T) => void) => () => {
        way(moved);
        then();
      };
      return { onTake: after(show), onKeep: after(begin) };
    },
    saved: begin,
    reset: () => setTyped(start(began)),
  };
}

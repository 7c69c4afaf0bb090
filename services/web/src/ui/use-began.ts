import { useState } from 'react';

interface Began<T> {
  began: T;
  /** What is there now, once it came otherwise than the form began with; undefined: it did not. */
  moved: T | undefined;
  /** The form begins anew with this: with what came, or with what it has just saved. */
  begin(from: T): void;
}

/**
 * What a form began with, while what is there may move on: the form says so then, and nothing that was typed is lost or saved over it
 * unseen.
 * @param now what is there, as the newest answer has it
 * @param keyOf same texts: nothing changed that the form is about
 */
export function useBegan<T>(now: T, keyOf: (one: T) => string): Began<T> {
  // `seen`: the answer that was the newest when the form began. What the form saved is newer, and comes as an answer afterwards.
  const [{ began, seen }, setHeld] = useState({ began: now, seen: now });
  const moved = now !== seen && keyOf(now) !== keyOf(began) ? now : undefined;
  return { began, moved, begin: (from) => setHeld({ began: from, seen: now }) };
}

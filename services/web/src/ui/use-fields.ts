import { useState } from 'react';
import { useBegan } from './use-began.ts';

interface Fields<V> {
  typed: V;
  set(change: Partial<V>): void;
  /** Only what was typed: what others changed in the other fields stays theirs. */
  changed: Partial<V>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is typed into a form that is saved field by field. Fields that nobody typed into show what is there now. */
export function useFields<T, V extends object>(now: T, start: (one: T) => V): Fields<V> {
  const { began, moved, begin } = useBegan(now, (one) => JSON.stringify(start(one)));
  const [typed, setTyped] = useState(() => start(began));
  const from = start(began);
  const names = (Object.keys(typed) as (keyof V)[]).filter((name) => !same(typed[name], from[name]));
  const changed = Object.fromEntries(names.map((name) => [name, typed[name]])) as Partial<V>;
  if (moved !== undefined) {
    begin(moved);
    setTyped({ ...start(moved), ...changed });
  }
  return { typed, set: (change) => setTyped((before) => ({ ...before, ...change })), changed };
}

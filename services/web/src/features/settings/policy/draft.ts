import { createContext, useContext } from 'react';
import { at, type PolicyDocument, without, withValue } from './document.ts';

/** The document in hand and what it would inherit. */
export interface Draft {
  own: PolicyDocument;
  inherited: PolicyDocument;
  /** Messages of the server by path. */
  errors: ReadonlyMap<string, string>;
  readOnly: boolean;
  change(document: PolicyDocument): void;
}

export const DraftContext = createContext<Draft | undefined>(undefined);

/** One place of the document. `own`: the region says it itself. */
export function usePlace<T>(path: string): {
  value: T;
  inherited: T;
  own: boolean;
  error: string | undefined;
  readOnly: boolean;
  set(value: T): void;
  clear(): void;
} {
  const draft = useContext(DraftContext);
  if (draft === undefined) throw new Error('a place of a policy stands in a form');
  const own = at(draft.own, path);
  const inherited = at(draft.inherited, path);
  return {
    value: (own === undefined ? inherited : own) as T,
    inherited: inherited as T,
    own: own !== undefined,
    error: draft.errors.get(path),
    readOnly: draft.readOnly,
    set: (value) => draft.change(withValue(draft.own, path, value)),
    clear: () => draft.change(without(draft.own, path)),
  };
}

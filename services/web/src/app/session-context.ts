import { createContext, useContext } from 'react';
import type { Session } from '../api/account-types.ts';

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in. @throws outside the session gate */
export function useCurrentSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('no session here');
  return session;
}

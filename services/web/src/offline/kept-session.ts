/** Who was signed in, so that the page opens without a line. The API goes by its cookie alone: this opens nothing there. */
import type { Role, Session } from '../api/account-types.ts';

const KEY = 'mingzao-session';
/** Whose pages work without a line. */
const OFFLINE: readonly Role[] = [
  'field_inspector',
  'inspector',
  'station_head',
  'cadre',
  'merchant',
  'food_safety_officer',
];

export function keepSession(session: Session): void {
  try {
    if (OFFLINE.includes(session.account.role)) localStorage.setItem(KEY, JSON.stringify(session));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** @param username whose page asks for it; another's, who signed in in another tab, stays. Undefined: whosever it is */
export function forgetSession(username: string | undefined): void {
  try {
    const text = localStorage.getItem(KEY);
    const kept = text === null ? undefined : (JSON.parse(text) as Session);
    if (username !== undefined && kept !== undefined && kept.account.username !== username) return;
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** The session as it was last seen, as long as it runs. */
export function keptSession(now: number): Session | undefined {
  try {
    const text = localStorage.getItem(KEY);
    const session = text === null ? undefined : (JSON.parse(text) as Session);
    return session !== undefined && Date.parse(session.expiresAt) > now ? session : undefined;
  } catch {
    return undefined;
  }
}

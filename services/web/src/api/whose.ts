/**
 * Whose page this is. Tabs of a browser share one cookie: when somebody else signs in in another one, this page still shows the
 * first, and what it asks or sends must not be done as the other. So every request says whose page made it, and the server answers
 * 401 when the cookie is another's (services/api/auth.ts).
 */

let mine: string | undefined;

/** From now on; undefined: nobody's. */
export function setWhose(username: string | undefined): void {
  mine = username;
}

export const whose = (): string | undefined => mine;

/** To be sent with a request. @param username whose it is, where it is not simply the page's: what waited to be sent */
export function whoseHeader(username = mine): Record<string, string> {
  return username === undefined ? {} : { 'x-mingzao-account': encodeURIComponent(username) };
}

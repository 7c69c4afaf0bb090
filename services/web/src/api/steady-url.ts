/** Milliseconds before its end at which a signed address is no longer reused. */
const MARGIN_MS = 60_000;
/** Addresses kept, oldest first to go: some hundred cards of the desk. */
const MOST = 600;

/** When a signed address runs out, in ms; NaN for one that never does. */
const endOf = (url: string): number => {
  const expires = new URL(url, location.origin).searchParams.get('expires');
  return expires === null ? Number.NaN : Number(expires) * 1000;
};

/** Whether a signed address has run out: then it has to be asked for again. */
export const isOver = (url: string): boolean => endOf(url) <= Date.now();

/** Widths in pixels at which the server gives a small copy of a picture. */
export type SmallWidth = 320 | 640;

/** The address of a picture, steady; `width`: of its small copy, for where it is not shown larger. */
export const pictureUrl = (url: string, width?: SmallWidth): string =>
  width === undefined ? steadyUrl(url) : `${steadyUrl(url)}&width=${width}`;

const known = new Map<string, { url: string; endsMs: number }>();

/**
 * Signed addresses of one file change with every answer, the file does not. Gives the address under which the browser
 * already has it, as long as that is valid, so that pictures are not fetched anew.
 */
export function steadyUrl(url: string): string {
  const parsed = new URL(url, location.origin);
  const endsMs = endOf(url);
  if (!(endsMs > 0)) return url;
  const file = `${parsed.origin}${parsed.pathname}?${parsed.searchParams.get('version') ?? ''}`;
  const before = known.get(file);
  if (before !== undefined && before.endsMs - MARGIN_MS > Date.now()) return before.url;
  known.delete(file);
  known.set(file, { url, endsMs });
  for (const oldest of known.keys()) {
    if (known.size <= MOST) break;
    known.delete(oldest);
  }
  return url;
}

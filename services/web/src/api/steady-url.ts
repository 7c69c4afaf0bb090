/** Milliseconds before its end at which a signed address is no longer reused. */
const MARGIN_MS = 60_000;
const MOST = 2000;

/** When a signed address runs out, in ms; NaN for one that never does. */
const endOf = (url: string): number => {
  const expires = new URL(url, location.origin).searchParams.get('expires');
  return expires === null ? Number.NaN : Number(expires) * 1000;
};

/** Whether a signed address has run out: then it has to be asked for again. */
export const isOver = (url: string): boolean => endOf(url) <= Date.now();

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
  if (known.size >= MOST) known.clear();
  known.set(file, { url, endsMs });
  return url;
}

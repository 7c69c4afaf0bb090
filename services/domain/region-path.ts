/** Paths of regions: codes from the root down, with dots between. Pure. */

/** The lowest region that holds all of them; null where there is none. */
export function commonPath(paths: readonly string[]): string | null {
  const [first, ...others] = paths.map((path) => path.split('.'));
  if (first === undefined) return null;
  let length = first.length;
  for (const parts of others) {
    const differs = first.findIndex((part, i) => part !== parts[i]);
    if (differs !== -1) length = Math.min(length, differs);
  }
  return length === 0 ? null : first.slice(0, length).join('.');
}

/** What is on the wall, as its address says it: sent to a colleague, it is the same wall. */

export const SIZES = [1, 4, 9, 16] as const;
export type WallSize = (typeof SIZES)[number];

export interface Wall {
  size: WallSize;
  region: string | undefined;
  /** Code. */
  merchant: string | undefined;
  search: string | undefined;
  /** Where the list goes on. */
  after: string | undefined;
  /** Seed of a drawn wall, and the hash of the list that it was drawn from. */
  draw: string | undefined;
  list: string | undefined;
  /** Code of the camera that is shown large. */
  camera: string | undefined;
}

export function wallOf(search: URLSearchParams): Wall {
  const text = (name: string): string | undefined => search.get(name) ?? undefined;
  return {
    size: SIZES.find((size) => String(size) === search.get('size')) ?? 9,
    region: text('region'),
    merchant: text('merchant'),
    search: text('search'),
    after: text('after'),
    draw: text('draw'),
    list: text('list'),
    camera: text('camera'),
  };
}

export function addressOf(wall: Wall): string {
  const set = Object.entries(wall).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return `/live?${new URLSearchParams(set)}`;
}

/** Which feature of a file is which region: by code, else by name, unless a person said so. Pure. */
import type { Feature } from './boundary.ts';

export interface MatchRegion {
  id: string;
  code: string;
  name: string;
}

/** Why a feature stands for no region: nothing is called so, several are, another feature of the file is it, or a person said so. */
export type Unmatched = 'none' | 'several' | 'taken' | 'left_out';

export type Match<R extends MatchRegion> = { feature: Feature } & (
  | { region: R; by: 'code' | 'name' | 'hand'; why: null }
  | { region: null; by: null; why: Unmatched }
);

/**
 * Each region is matched once: two features with one code stay unmatched from the second on, since nobody knows which one is right.
 * @param said by index of the feature: code of the region, or null to leave it out
 */
export function matchFeatures<R extends MatchRegion>(
  features: readonly Feature[],
  regions: readonly R[],
  said: ReadonlyMap<number, R | null>,
): Match<R>[] {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const byName = Map.groupBy(regions, ({ name }) => plain(name));
  const taken = new Set([...said.values()].flatMap((region) => region?.id ?? []));
  return features.map((feature): Match<R> => {
    const chosen = said.get(feature.index);
    if (chosen === null) return { feature, region: null, by: null, why: 'left_out' };
    if (chosen !== undefined) return { feature, region: chosen, by: 'hand', why: null };
    const coded = feature.codes.flatMap((code) => byCode.get(code) ?? [])[0];
    const named = feature.name === '' ? [] : (byName.get(plain(feature.name)) ?? []);
    const region = coded ?? (named.length === 1 ? named[0] : undefined);
    if (region === undefined)
      return { feature, region: null, by: null, why: named.length > 1 ? 'several' : 'none' };
    if (taken.has(region.id)) return { feature, region: null, by: null, why: 'taken' };
    taken.add(region.id);
    return { feature, region, by: coded === undefined ? 'name' : 'code', why: null };
  });
}

const plain = (name: string): string => name.replace(/\s+/g, '');

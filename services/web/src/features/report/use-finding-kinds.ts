import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import type { FindingKind } from '../../api/desk-types.ts';
import { keys } from '../../api/keys.ts';
import { useLanguage } from '../../i18n/use-language.ts';

export interface NamedKind {
  code: string;
  /** In the language of the page. */
  name: string;
}

/** The kinds that people may report, as the region has them switched on; empty while they load. */
export function useFindingKinds(): readonly NamedKind[] {
  const chinese = useLanguage() === 'zh-CN';
  const kinds = useQuery({
    queryKey: keys.findingKinds,
    queryFn: ({ signal }) => ask<{ items: FindingKind[] }>('/finding-kinds', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (kinds.data?.items ?? [])
    .filter(({ enabled }) => enabled)
    .map(({ code, nameZh, nameEn }) => ({ code, name: chinese ? nameZh : nameEn }));
}

/** Name of a kind, its code where it has none here. */
export function nameOf(kinds: readonly NamedKind[], code: string): string {
  return kinds.find((kind) => kind.code === code)?.name ?? code;
}

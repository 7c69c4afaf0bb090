import { useState } from 'react';

/** The first of many that are all here, in steps of `step`; `list` is for `More`. */
export function usePart<T>(all: readonly T[], step: number) {
  const [shown, setShown] = useState(step);
  return {
    items: all.slice(0, shown),
    list: {
      hasNextPage: shown < all.length,
      isFetchingNextPage: false,
      fetchNextPage: async () => setShown(shown + step),
    },
  };
}

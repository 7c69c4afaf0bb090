import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(media: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(media);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => matchMedia(media).matches,
  );
}

/** Narrower than this, list and detail take turns. The same figure stands in styles/*.css. */
export const usePhone = (): boolean => useMedia('(max-width: 759.98px)');

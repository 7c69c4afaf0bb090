import { type RefObject, useEffect, useRef, useState } from 'react';
import { pictureUrl, type SmallWidth } from '../../api/steady-url.ts';
import { useInSight } from '../../ui/use-in-sight.ts';

export interface Taken {
  url: string;
  /** In ms of this clock. */
  takenMs: number;
}

/**
 * The picture that is really on the screen: a newer one takes its place once it has come, so that the age beside it is never that
 * of another. None is fetched, and so no look is logged, for a place that is scrolled out of sight.
 */
export function useShownPicture(
  latest: Taken | undefined,
  small: SmallWidth | undefined,
): {
  place: RefObject<HTMLElement | null>;
  shown: Taken | undefined;
} {
  const place = useRef<HTMLElement | null>(null);
  const visible = useInSight(place);
  const [shown, setShown] = useState<Taken>();
  const url = latest === undefined ? undefined : pictureUrl(latest.url, small);
  const takenMs = latest?.takenMs ?? 0;
  useEffect(() => {
    if (!visible || url === undefined) return;
    const image = new Image();
    image.onload = () => setShown({ url, takenMs });
    image.src = url;
    return () => {
      image.onload = null;
    };
  }, [visible, url, takenMs]);
  // Without an address there is no right to it (any more): the last one goes too.
  return { place, shown: url === undefined ? undefined : shown };
}

import { type RefObject, useEffect, useState } from 'react';

/** Whether the element is in sight. */
export function useInSight(place: RefObject<HTMLElement | null>): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      setVisible(entries.at(-1)?.isIntersecting === true);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return visible;
}

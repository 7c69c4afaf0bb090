import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { ask } from '../../api/client.ts';
import type { Effect } from '../../api/onboard-types.ts';

/** Milliseconds without a change before it is asked what it does. */
const CALM_MS = 350;

/** What a change would have done to the camera's last looks; the last answer stays while the next is worked out. */
export function useEffectOf(cameraId: string, change: object): Effect | undefined {
  const text = useDeferredValue(JSON.stringify(change));
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text), CALM_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  const effect = useQuery({
    queryKey: ['camera-effect', cameraId, asked],
    queryFn: ({ signal }) =>
      ask<Effect>(`/cameras/${cameraId}/effect`, {
        method: 'POST',
        body: JSON.parse(asked) as object,
        signal,
      }),
    placeholderData: (before) => before,
    staleTime: 30_000,
    retry: false,
  });
  return effect.data;
}

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { type LiveEvent, type LiveState, openLive } from '../api/live.ts';
import { useLine } from '../ui/use-line.ts';
import { applyLive } from './live-effects.ts';

interface Live {
  state: LiveState;
  /** Calls `listener` for every event from now on. @returns ends it */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}

const LiveContext = createContext<Live>({ state: 'connecting', subscribe: () => () => {} });

export const useLive = (): Live => useContext(LiveContext);

/** Runs `listener` for every live event while the component is shown. */
export function useLiveEvent(listener: (event: LiveEvent) => void): void {
  const { subscribe } = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => subscribe((event) => latest.current(event)), [subscribe]);
}

/** Holds the live channel while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const line = useLine();
  const listeners = useRef(new Set<(event: LiveEvent) => void>());

  useEffect(() => {
    const effects = applyLive(client);
    const close = openLive({
      onEvent(event) {
        effects.apply(event);
        for (const listener of listeners.current) listener(event);
      },
      onState: setState,
      onReset: () => void client.invalidateQueries(),
    });
    return () => {
      close();
      effects.stop();
    };
  }, [client]);

  // The browser notices a dead line long before the channel does.
  const shown = line ? state : 'lost';
  const live = useMemo<Live>(
    () => ({
      state: shown,
      subscribe(listener) {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [shown],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

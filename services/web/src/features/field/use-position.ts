import { useCallback, useState } from 'react';
import type { StatedPlace } from '../../offline/store.ts';

export type PlaceProblem = 'denied' | 'unavailable' | 'timeout' | 'unsupported';

export interface Position {
  place: StatedPlace | null;
  /** When the device fixed it, milliseconds. */
  at: number | null;
  problem: PlaceProblem | null;
  asking: boolean;
}

const NONE: Position = { place: null, at: null, problem: null, asking: false };
/** Milliseconds: a fix under open sky takes some ten seconds, indoors it may never come. */
const PATIENCE_MS = 20_000;
/** A place this old is still where one stands. */
const FRESH_MS = 30_000;

const PROBLEMS: Record<number, PlaceProblem> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' };

/** Where this device believes itself; asked only when `ask` is called, once each time. */
export function usePosition(): Position & { ask: () => void } {
  const [position, setPosition] = useState<Position>(NONE);
  const ask = useCallback((): void => {
    // Absent on addresses that are not HTTPS, whatever its type says.
    const geolocation = (navigator as { geolocation?: Geolocation }).geolocation;
    if (geolocation === undefined) {
      setPosition({ ...NONE, problem: 'unsupported' });
      return;
    }
    setPosition((before) => ({ ...before, asking: true, problem: null }));
    geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        setPosition({
          place: { lat: coords.latitude, lon: coords.longitude, accuracyM: coords.accuracy },
          at: timestamp,
          problem: null,
          asking: false,
        }),
      ({ code }) =>
        setPosition((before) => ({ ...before, asking: false, problem: PROBLEMS[code] ?? 'unavailable' })),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  }, []);
  return { ...position, ask };
}

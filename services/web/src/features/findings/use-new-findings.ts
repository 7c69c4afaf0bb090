import { useCallback, useState } from 'react';
import { useLiveEvent } from '../../app/live.tsx';
import type { FindingFilter } from './use-findings.ts';

/** A region's path is made of the codes from the top down to it. */
const liesIn = (path: unknown, code: string): boolean =>
  typeof path === 'string' && path.split('.').includes(code);

/** Findings that came since the list was asked for and that it would show. */
export function useNewFindings(filter: FindingFilter): { count: number; clear: () => void } {
  const scope = [filter.state, filter.kind, filter.class, filter.region, filter.cameraId].join('|');
  const [fresh, setFresh] = useState<{ scope: string; ids: ReadonlySet<string> }>({ scope, ids: new Set() });
  useLiveEvent(({ type, payload }) => {
    if (type !== 'finding.created' || typeof payload.findingId !== 'string') return;
    if (filter.state !== undefined && filter.state !== 'pending_review') return;
    if (filter.kind !== undefined && payload.kind !== filter.kind) return;
    if (filter.class !== undefined && payload.class !== filter.class) return;
    if (filter.region !== undefined && !liesIn(payload.regionPath, filter.region)) return;
    if (filter.cameraId !== undefined && payload.cameraId !== filter.cameraId) return;
    const id = payload.findingId;
    setFresh((before) => ({ scope, ids: new Set(before.scope === scope ? before.ids : []).add(id) }));
  });
  const clear = useCallback(() => setFresh({ scope, ids: new Set() }), [scope]);
  return { count: fresh.scope === scope ? fresh.ids.size : 0, clear };
}

import { useCallback, useState } from 'react';
import { useLiveEvent } from '../../app/live.tsx';
import type { FindingFilter } from './use-findings.ts';

/** Findings that came since the list was asked for and that it would show. */
export function useNewFindings(filter: FindingFilter): { count: number; clear: () => void } {
  const scope = `${filter.state}|${filter.kind}|${filter.cameraId}`;
  const [fresh, setFresh] = useState<{ scope: string; ids: ReadonlySet<string> }>({ scope, ids: new Set() });
  useLiveEvent(({ type, payload }) => {
    if (type !== 'finding.created' || typeof payload.findingId !== 'string') return;
    if (filter.state !== undefined && filter.state !== 'pending_review') return;
    if (filter.kind !== undefined && payload.kind !== filter.kind) return;
    if (filter.cameraId !== undefined && payload.cameraId !== filter.cameraId) return;
    const id = payload.findingId;
    setFresh((before) => ({ scope, ids: new Set(before.scope === scope ? before.ids : []).add(id) }));
  });
  const clear = useCallback(() => setFresh({ scope, ids: new Set() }), [scope]);
  return { count: fresh.scope === scope ? fresh.ids.size : 0, clear };
}

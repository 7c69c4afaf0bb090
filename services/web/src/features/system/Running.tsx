import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Bones } from '../../ui/Bones.tsx';
import { useNow } from '../../ui/clock.ts';
import { Failure } from '../../ui/Failure.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Checks, Deliveries } from './Checks.tsx';
import { Disk } from './Disk.tsx';
import { Losses, Queue } from './Looks.tsx';
import { Models } from './Models.tsx';
import { Processes } from './Processes.tsx';
import { Cameras, Gateways } from './Sources.tsx';
import { Summary } from './Summary.tsx';
import type { SystemState } from './types.ts';

/** Milliseconds between questions, and after which what is shown is no longer called the present state. */
const EVERY_MS = 10_000;
const STALE_MS = 45_000;

/** 运行状态: one glance tells whether all is well. Asks again by itself; what is old says so and is greyed. */
export function Running() {
  const now = useNow(5);
  const system = useQuery({
    queryKey: keys.system,
    queryFn: ({ signal }) => ask<SystemState>('/system', { signal }),
    refetchInterval: EVERY_MS,
  });
  const state = system.data;
  if (state === undefined) {
    return system.isError ? (
      <Failure what="system" error={system.error} onRetry={() => void system.refetch()} />
    ) : (
      <Bones lines={10} />
    );
  }
  const stale = now - system.dataUpdatedAt > STALE_MS;
  return (
    <>
      {(system.isRefetchError || stale) && (
        <StaleStrip since={system.dataUpdatedAt} onRetry={() => void system.refetch()} />
      )}
      <div className={stale ? 'system system-stale' : 'system'}>
        <Summary state={state} />
        <div className="system-grid">
          <Processes state={state} />
          <Cameras state={state} />
          <Gateways state={state} />
          <Queue state={state} />
          <Losses state={state} />
          <Disk state={state} />
          <Deliveries state={state} />
          <Checks state={state} />
        </div>
        <Models state={state} />
      </div>
    </>
  );
}

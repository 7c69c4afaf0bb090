import { useMutation, useQuery } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import type { CameraProbe, ProbeQuestion } from '../../api/onboard-types.ts';

/** Milliseconds between two askings for the answer. */
const AGAIN_MS = 700;

export interface ProbeState {
  /** The last test: under way, or with its answer. */
  probe: CameraProbe | undefined;
  testing: boolean;
  /** The test could not be asked for. */
  error: Error | null;
  start(question: ProbeQuestion): void;
  forget(): void;
}

/** A test of a connection: asked for once, then followed until a gateway has answered. */
export function useProbe(): ProbeState {
  const asked = useMutation({
    mutationFn: (body: ProbeQuestion) => ask<CameraProbe>('/camera-probes', { method: 'POST', body }),
  });
  const id = asked.data?.id;
  const answer = useQuery({
    queryKey: ['camera-probe', id],
    queryFn: ({ signal }) => ask<CameraProbe>(`/camera-probes/${id}`, { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => (query.state.data?.state === 'done' ? false : AGAIN_MS),
    retry: 3,
  });
  const probe = answer.data ?? asked.data;
  return {
    probe,
    testing: asked.isPending || (probe !== undefined && probe.state !== 'done' && !answer.isError),
    error: asked.error ?? answer.error,
    start: (question) => asked.mutate(question),
    forget: () => asked.reset(),
  };
}

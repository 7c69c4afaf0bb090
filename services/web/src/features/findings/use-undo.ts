import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { patchFinding } from '../../api/finding-cache.ts';
import { keys } from '../../api/keys.ts';
import type { Finding } from '../../api/types.ts';

/** Takes back the verdict that was just given; the card waits again. */
export function useUndo(told: { onDone(finding: Finding): void; onRefused(error: unknown): void }) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Finding) =>
      ask<Finding>(`/findings/${encodeURIComponent(id)}/undo`, { method: 'POST', body: { version } }),
    onSuccess(finding) {
      patchFinding(client, finding.id, finding);
      told.onDone(finding);
      void client.invalidateQueries({ queryKey: keys.finding(finding.id) });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
    onError: told.onRefused,
  });
}

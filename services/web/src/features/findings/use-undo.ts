import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { patchFinding } from '../../api/finding-cache.ts';
import type { Finding } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import { newKey } from '../tasks/use-task-order.ts';
import type { Given } from './use-verdict.ts';

const undoOne = ({ id, version }: { id: string; version: number }): Promise<Finding> =>
  ask<Finding>(`/findings/${encodeURIComponent(id)}/undo`, { method: 'POST', body: { version } });

/** Takes back a verdict that was just given, with all that was judged by the same key; the cards wait again. */
export function useUndo(
  splitNote: string,
  told: { onDone(finding: Finding, given: Given): void; onRefused(error: unknown): void },
) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn({ finding, merged, dismissed }: Given) {
      let back = await undoOne(finding);
      for (const one of dismissed) await undoOne(one);
      for (const { id, version } of merged)
        await ask(`/findings/${encodeURIComponent(id)}/split`, {
          method: 'POST',
          headers: { 'idempotency-key': newKey() },
          body: { version, note: splitNote },
        });
      // What was split off left it with another version.
      if (merged.length > 0) back = await ask<Finding>(`/findings/${encodeURIComponent(finding.id)}`);
      return back;
    },
    onSuccess(back, given) {
      const { merged, dismissed } = given;
      patchFinding(client, back.id, back);
      for (const { id } of [...merged, ...dismissed]) patchFinding(client, id, { state: 'pending_review' });
      // What was fetched ahead meanwhile may know siblings as they were between two steps: nobody shall judge those.
      for (const { id } of [back, ...merged, ...dismissed])
        void client.resetQueries({ queryKey: keys.findingContext(id), exact: true });
      told.onDone(back, given);
    },
    onError: told.onRefused,
    onSettled(_back, _error, { finding, merged, dismissed }) {
      for (const { id } of [finding, ...merged, ...dismissed])
        void client.invalidateQueries({ queryKey: keys.finding(id) });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

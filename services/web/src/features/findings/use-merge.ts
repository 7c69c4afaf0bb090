import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import type { FindingDetail, Sibling } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import { newKey } from '../tasks/use-task-order.ts';

/** Merges a sibling into the finding that is open, and splits it off again. */
export function useMerge(finding: FindingDetail, splitNote: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ sibling, split }: { sibling: Sibling; split: boolean }) => {
      const { id, version } = sibling;
      const headers = { 'idempotency-key': newKey() };
      return split
        ? ask(`/findings/${encodeURIComponent(id)}/split`, {
            method: 'POST',
            body: { version, note: splitNote },
            headers,
          })
        : ask('/findings/merge', {
            method: 'POST',
            body: { into: { id: finding.id, version: finding.version }, findings: [{ id, version }] },
            headers,
          });
    },
    onSettled(_answer, _error, { sibling }) {
      void client.invalidateQueries({ queryKey: keys.finding(finding.id) });
      void client.invalidateQueries({ queryKey: keys.finding(sibling.id) });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

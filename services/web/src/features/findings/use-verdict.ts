import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../api/client.ts';
import { patchFinding } from '../../api/finding-cache.ts';
import { keys } from '../../api/keys.ts';
import type { DismissReason, Finding, FindingState } from '../../api/types.ts';

/** `finding` as it was judged: its version guards against judging what changed meanwhile. */
export interface VerdictCommand {
  finding: Finding;
  verdict: 'confirm' | 'dismiss';
  reason?: DismissReason;
  note: string;
}

/** What a refused verdict is answered with: the state that the finding has now. */
export function stateNow(error: unknown): FindingState | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined;
  const { state } = error.problem;
  return typeof state === 'string' ? (state as FindingState) : undefined;
}

const send = ({ finding, verdict, reason, note }: VerdictCommand): Promise<{ finding: Finding }> =>
  ask<{ finding: Finding }>(`/findings/${encodeURIComponent(finding.id)}/${verdict}`, {
    method: 'POST',
    body: {
      ...(reason === undefined ? {} : { reason }),
      ...(note === '' ? {} : { note }),
      version: finding.version,
    },
  });

/** Shows the verdict at once and sends it; a refusal puts the card back as it truly is. */
export function useVerdict(told: {
  /** `judged` is the finding as it is now. */
  onDone(command: VerdictCommand, judged: Finding): void;
  onRefused(command: VerdictCommand, error: unknown): void;
}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate({ finding, verdict }) {
      patchFinding(client, finding.id, { state: verdict === 'confirm' ? 'confirmed' : 'dismissed' });
    },
    onSuccess(answer, command) {
      told.onDone(command, answer.finding);
      void client.invalidateQueries({ queryKey: keys.overview });
      void client.invalidateQueries({ queryKey: keys.tasks });
    },
    onError(error, command) {
      patchFinding(client, command.finding.id, { state: stateNow(error) ?? command.finding.state });
      told.onRefused(command, error);
    },
    onSettled(_answer, _error, { finding }) {
      void client.invalidateQueries({ queryKey: keys.finding(finding.id) });
    },
  });
}

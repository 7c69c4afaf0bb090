import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '../../api/client.ts';
import type { Around } from '../../api/desk-types.ts';
import { isContext, patchFinding } from '../../api/finding-cache.ts';
import type { Finding } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import type { DismissReason, FindingState } from '../../api/types.ts';
import { newKey } from '../tasks/use-task-order.ts';
import { detailOf } from './use-findings.ts';

/** `finding` as it was judged: its version guards against judging what changed meanwhile. */
export interface VerdictCommand {
  finding: Finding;
  verdict: 'confirm' | 'dismiss';
  reason?: DismissReason;
  note: string;
  /** Of a confirmation; absent: as the rule says. */
  class?: 1 | 2 | 3;
  /** Judged together with it: merged into it when confirmed, dismissed for the same reason. */
  siblings: readonly Around[];
  /** Written into the history of what is merged. */
  mergeNote: string;
}

/** A verdict that was given, with what is needed to take it back. */
export interface Given {
  /** As it is now. */
  finding: Finding;
  /** Siblings that were judged with it, as they are now. */
  merged: { id: string; version: number }[];
  dismissed: { id: string; version: number }[];
  /** Siblings that could not be judged with it. */
  missed: number;
}

/** What a refused verdict is answered with: the state that the finding has now. */
export function stateNow(error: unknown): FindingState | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined;
  const { state } = error.problem;
  return typeof state === 'string' ? (state as FindingState) : undefined;
}

const judgeOne = async (
  { finding, verdict, reason, note, class: grade }: VerdictCommand,
  version: number | undefined,
): Promise<Finding> => {
  const body = {
    ...(reason === undefined ? {} : { reason }),
    ...(note === '' ? {} : { note }),
    ...(grade === undefined ? {} : { class: grade }),
    ...(version === undefined ? {} : { version }),
  };
  const path = `/findings/${encodeURIComponent(finding.id)}/${verdict}`;
  return (await ask<{ finding: Finding }>(path, { method: 'POST', body })).finding;
};

/** One task for all of them: the siblings become part of the finding before it is confirmed. */
async function confirmWith(command: VerdictCommand): Promise<Given> {
  const { finding, siblings, mergeNote } = command;
  let version: number | undefined = finding.version;
  let merged: Given['merged'] = [];
  if (siblings.length > 0) {
    try {
      await ask<{ merged: string[]; finding: Finding }>('/findings/merge', {
        method: 'POST',
        headers: { 'idempotency-key': newKey() },
        body: {
          into: { id: finding.id, version: finding.version },
          findings: siblings.map((one) => ({ id: one.id, version: one.version })),
          note: mergeNote,
        },
      });
      // It was as it was seen when they became one: a look that joins between the two questions refuses nothing.
      version = undefined;
      merged = siblings.map((one) => ({ id: one.id, version: one.version + 1 }));
    } catch (error) {
      // One of them changed meanwhile: this finding is judged alone, if it is still as it was seen.
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
  }
  const judged = await judgeOne(command, version);
  return { finding: judged, merged, dismissed: [], missed: siblings.length - merged.length };
}

async function dismissWith(command: VerdictCommand): Promise<Given> {
  const { siblings, reason, note } = command;
  const judged = await judgeOne(command, command.finding.version);
  if (siblings.length === 0) return { finding: judged, merged: [], dismissed: [], missed: 0 };
  const { items } = await ask<{ items: { id: string; done: boolean; version: number | null }[] }>(
    '/findings/verdicts',
    {
      method: 'POST',
      headers: { 'idempotency-key': newKey() },
      body: {
        items: siblings.map((one) => ({
          id: one.id,
          version: one.version,
          verdict: 'dismiss',
          reason,
          ...(note === '' ? {} : { note }),
        })),
      },
    },
  );
  const dismissed = items.flatMap(({ id, done, version }) =>
    done && version !== null ? [{ id, version }] : [],
  );
  return { finding: judged, merged: [], dismissed, missed: siblings.length - dismissed.length };
}

/** Puts a finding into the lists as it is now. */
async function refresh(client: QueryClient, id: string): Promise<void> {
  try {
    const { state, version } = await client.fetchQuery({ ...detailOf(id), staleTime: 0 });
    patchFinding(client, id, { state, version });
  } catch {
    // It stays as it is shown; opened, it is asked for again.
  }
}

/** Shows the verdict at once and sends it; a refusal puts the card back as it truly is. */
export function useVerdict(told: {
  onDone(command: VerdictCommand, given: Given): void;
  onRefused(command: VerdictCommand, error: unknown): void;
}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: VerdictCommand) =>
      command.verdict === 'confirm' ? confirmWith(command) : dismissWith(command),
    // Each holds a whole finding; nobody asks for it again.
    gcTime: 0,
    onMutate({ finding, verdict, siblings }) {
      const confirmed = verdict === 'confirm';
      patchFinding(client, finding.id, { state: confirmed ? 'confirmed' : 'dismissed' });
      for (const { id } of siblings) patchFinding(client, id, { state: confirmed ? 'merged' : 'dismissed' });
    },
    onSuccess(given, command) {
      const done = new Set([...given.merged, ...given.dismissed].map(({ id }) => id));
      // One of them had changed: which, and what the others are now, is asked.
      for (const { id } of command.siblings) if (!done.has(id)) void refresh(client, id);
      // What was fetched ahead for the next card may name siblings that are judged now.
      if (command.siblings.length > 0) void client.invalidateQueries({ predicate: isContext });
      told.onDone(command, given);
      // The figures of the head follow by the live channel.
      void client.invalidateQueries({ queryKey: keys.tasks });
    },
    onError(error, command) {
      patchFinding(client, command.finding.id, { state: stateNow(error) ?? command.finding.state });
      for (const { id, state } of command.siblings) patchFinding(client, id, { state });
      told.onRefused(command, error);
    },
    onSettled(_answer, _error, { finding, siblings }) {
      for (const { id } of [finding, ...siblings])
        void client.invalidateQueries({ queryKey: keys.finding(id), refetchType: 'active' });
    },
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { RuleProposal } from '../../api/rule-types.ts';
import { useWhy } from '../../ui/Failure.tsx';

/** Accepts or declines what is on screen; `why`: what a refusal says. */
export function useDecision({ id, updatedAt }: RuleProposal) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const decision = useMutation({
    mutationFn: (what: 'accept' | 'decline') =>
      ask(`/rule-proposals/${encodeURIComponent(id)}/${what}`, { method: 'POST', body: { updatedAt } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.proposals });
      void client.invalidateQueries({ queryKey: keys.cameras });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409)
        void client.invalidateQueries({ queryKey: keys.proposals });
    },
  });
  const { error, isPending, mutate } = decision;
  const refused = error instanceof ApiError && error.status === 409;
  return {
    isPending,
    mutate,
    why: error === null ? undefined : refused ? t('proposals.changed') : why(error),
  };
}

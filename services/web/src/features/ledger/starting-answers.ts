import type { TFunction } from 'i18next';
import type { CheckResult, LedgerSheet, Proposal } from '../../api/ledger-types.ts';

/** null: nobody has said anything yet. */
export interface Answering {
  result: CheckResult | null;
  note: string;
}

/** What a problem's note starts with: the tasks and faults behind it. */
function noteOf(t: TFunction, proposal: Extract<Proposal, { result: 'problem' }>): string {
  return [
    ...proposal.tasks.map(
      ({ number, kind, state }) => `${t(`kind.${kind}`)}（${number}，${t(`taskState.${state}`)}）`,
    ),
    ...proposal.faults.map(({ camera, kind }) => `${camera} ${t(`fault.${kind}`)}`),
  ].join('；');
}

/**
 * What was recorded before; else what the cameras found. That they found nothing is shown beside the item, but a person has to
 * say so.
 */
export function startingAnswers(t: TFunction, sheet: LedgerSheet): Record<string, Answering> {
  const before = new Map((sheet.revisions.at(-1)?.answers ?? []).map((answer) => [answer.code, answer]));
  return Object.fromEntries(
    sheet.checklist.items.map(({ code }): [string, Answering] => {
      const said = before.get(code);
      if (said !== undefined) return [code, { result: said.result, note: said.note }];
      const proposal = sheet.proposals[code];
      return proposal?.result === 'problem'
        ? [code, { result: 'problem', note: noteOf(t, proposal) }]
        : [code, { result: null, note: '' }];
    }),
  );
}

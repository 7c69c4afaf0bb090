/** What the API says of a tip (services/api/schemas/public.ts). */
export const TIP_STATES = ['new', 'taken', 'answered', 'unfounded'] as const;
export type TipState = (typeof TIP_STATES)[number];

/** What the desk may say of it (services/domain/tip.ts). */
export const TIP_DECISIONS = ['taken', 'answered', 'unfounded'] as const satisfies readonly TipState[];
export type TipDecision = (typeof TIP_DECISIONS)[number];

export interface Tip {
  id: string;
  merchant: { id: string; code: string; name: string };
  text: string;
  contact: string;
  givenAt: string;
  state: TipState;
  findingId: string | null;
  answer: string;
  decidedBy: string | null;
  decidedAt: string | null;
  version: number;
}

/** 线索移送: a lead that is handed to another authority, and its way there. Pure. */

export const LEAD_STATES = ['sent', 'received', 'accepted', 'rejected', 'concluded'] as const;
/** `accepted`: the authority opened a case (立案); `concluded`: the case has its outcome. */
export type LeadState = (typeof LEAD_STATES)[number];

export const LEAD_TARGETS = [
  'police', // 公安 (行刑衔接)
  'market_regulation', // 其他地区市场监管部门
  'health', // 卫生健康
  'education', // 教育
  'urban_management', // 城市管理
  'discipline', // 纪检监察
  'other',
] as const;
export type LeadTarget = (typeof LEAD_TARGETS)[number];

export const LEAD_STEPS = ['receive', 'accept', 'reject', 'conclude'] as const;
export type LeadStep = (typeof LEAD_STEPS)[number];

/** A receipt may be left out: an authority that decides has received. */
const WAY: Record<LeadStep, { from: readonly LeadState[]; to: LeadState }> = {
  receive: { from: ['sent'], to: 'received' },
  accept: { from: ['sent', 'received'], to: 'accepted' },
  reject: { from: ['sent', 'received'], to: 'rejected' },
  conclude: { from: ['accepted'], to: 'concluded' },
};

/** What the authority says with a step. */
export interface LeadNews {
  step: LeadStep;
  caseNumber?: string | undefined;
  outcome?: string | undefined;
}

export type LeadRefusal = 'wrong_state' | 'case_number_missing' | 'outcome_missing';

/** Where a step leads. Accepting needs the case's number there, rejecting its reason, concluding its outcome. */
export function nextLeadState(
  state: LeadState,
  { step, caseNumber = '', outcome = '' }: LeadNews,
): { to: LeadState } | { refused: LeadRefusal } {
  const { from, to } = WAY[step];
  if (!from.includes(state)) return { refused: 'wrong_state' };
  if (step === 'accept' && caseNumber.trim() === '') return { refused: 'case_number_missing' };
  if ((step === 'reject' || step === 'conclude') && outcome.trim() === '')
    return { refused: 'outcome_missing' };
  return { to };
}

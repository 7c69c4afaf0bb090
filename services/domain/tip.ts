/** 群众线索 (投诉举报): what somebody from the public told the bureau, and what may become of it. */

/** new: nobody looked. taken: somebody looks into it. answered: found to be so, with words. unfounded: found not to be so, with words. */
export const TIP_STATES = ['new', 'taken', 'answered', 'unfounded'] as const;
export type TipState = (typeof TIP_STATES)[number];

/** What a person of the desk may say of it, as often as there is something new to say: the receipt shows the last. */
export const TIP_DECISIONS = ['taken', 'answered', 'unfounded'] as const satisfies readonly TipState[];
export type TipDecision = (typeof TIP_DECISIONS)[number];

/** Whoever told the bureau something is owed words at the end, not a state alone. */
export const needsAnswer = (decision: TipDecision): boolean => decision !== 'taken';

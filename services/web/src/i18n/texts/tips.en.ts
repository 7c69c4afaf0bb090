/** The page of the public's tips. */
import type { tipsZh } from './tips.zh.ts';

export const tipsEn: typeof tipsZh = {
  tips: {
    title: 'Tips of the public',
    hint: 'What people reported on the public page. The result and the answer are shown to them with their receipt.',
    state: { new: 'Waiting', taken: 'Under review', answered: 'Confirmed, answered', unfounded: 'Unfounded' },
    decision: { taken: 'Take up', answered: 'Confirmed, answer', unfounded: 'Unfounded' },
    came: 'New tips: {{count}}. Show them',
    none: 'No such tips',
    noneNew: 'No tips wait',
    noneHint: 'What the public sends appears here at once.',
    contact: 'To be reached at',
    merchant: 'Merchant’s file',
    finding: 'The finding reported because of it',
    answered: 'Answer',
    decide: 'Decide',
    decideAgain: 'Change the result',
    of: '{{what}}: {{merchant}}',
    result: 'Result',
    answer: 'Answer to who reported it',
    answerHint: 'Shown with the receipt: no personal data. Not needed to take it up; at most 500 characters.',
    answerMissing: 'Write an answer: it is shown with the receipt',
    send: 'Save',
    saved: 'Saved; the receipt shows it',
  },
};

import type { problemZh } from './problem.zh.ts';

export const problemEn: typeof problemZh = {
  'invalid-request': 'Something in it is not right: check it and try again',
  conflict: 'In conflict with what is there: reload and try again',
  'not-allowed': 'This account may not do this',
  'not-found': 'It does not exist, or lies outside of what this account may see',
  'too-large': 'It is too large',
  'too-many-attempts': 'Too often: try again later',
  unavailable: 'Not available for the moment: try again later',
  other: 'It did not work: try again later',
  field: 'is not right',
  asAsked: 'what is asked for',
  entry: 'entry {{n}}',
  row: 'line {{row}} ',
  more: '; {{count}} in all',
};

/** Everything the server may say, in Chinese: fetched when the first problem comes. */
import { fieldZh } from './field.zh.ts';
import { phrasesZh } from './phrases.zh.ts';
import { wholeZh } from './whole.zh.ts';

export { namesZh } from './names.zh.ts';

export const sentencesZh: Readonly<Record<string, string>> = { ...wholeZh, ...fieldZh };

/** `a code: 1 to 64 lower-case letters, …` */
const CODE = /^a code: 1 to (\d+) /;

/** What would be right, by its English phrase. */
export function phraseZh(phrase: string): string | undefined {
  const most = CODE.exec(phrase)?.[1];
  return most === undefined ? phrasesZh[phrase] : `1 至 ${most} 位小写字母、数字或横线，不以横线开头`;
}

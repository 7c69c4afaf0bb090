/** How often somebody may have a test message sent. A text message costs, and the number that one names is proved by nothing. */
import type { NotifyChannel } from './notify.ts';

/** Seconds between two to one address. */
const EVERY_S = 20;
/** Within 24 h to one address, and of one account to all of its addresses of that sort. */
const MOST = {
  sms: { address: 3, account: 6 },
  other: { address: 50, account: 100 },
} as const;
const DAY_MS = 86_400_000;

/** One that was asked for before, whatever became of it. */
export interface TestBefore {
  at: Date;
  channel: NotifyChannel;
  /** The same channel and address, whoever wrote it down and however often it was removed and added anew. */
  sameAddress: boolean;
  sameAccount: boolean;
}

export interface TestRefusal {
  code: 'test_was_sent' | 'tests_to_address' | 'tests_of_account';
  /** Within so many seconds (`test_was_sent`), or within 24 h. */
  most: number;
  retryAfterS: number;
}

/** @param before those of the last 24 h, in any order @returns why not now; undefined: it may be sent */
export function testRefusal(
  before: readonly TestBefore[],
  channel: NotifyChannel,
  now: Date,
): TestRefusal | undefined {
  const sort = (of: NotifyChannel) => (of === 'sms' ? 'sms' : 'other');
  const most = MOST[sort(channel)];
  const toAddress = before.filter(({ sameAddress }) => sameAddress);
  const ofAccount = before.filter((one) => one.sameAccount && sort(one.channel) === sort(channel));
  const refusals = [
    { code: 'tests_to_address' as const, most: most.address, s: waitS(toAddress, most.address, DAY_MS, now) },
    { code: 'tests_of_account' as const, most: most.account, s: waitS(ofAccount, most.account, DAY_MS, now) },
    { code: 'test_was_sent' as const, most: EVERY_S, s: waitS(toAddress, 1, EVERY_S * 1000, now) },
  ];
  // The one that holds longest says when.
  const longest = refusals.reduce((a, b) => (b.s > a.s ? b : a));
  return longest.s > 0
    ? { code: longest.code, most: longest.most, retryAfterS: Math.ceil(longest.s) }
    : undefined;
}

/** Seconds until fewer than `most` lie within the window. */
function waitS(tests: readonly TestBefore[], most: number, windowMs: number, now: Date): number {
  const newestFirst = tests.map(({ at }) => at.getTime()).sort((a, b) => b - a);
  const last = newestFirst[most - 1];
  return last === undefined ? 0 : Math.max(0, (last + windowMs - now.getTime()) / 1000);
}

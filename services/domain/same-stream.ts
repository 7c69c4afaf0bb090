/**
 * Whether two RTSP addresses name the same stream of one host. Ports do not count, and of the parameters those of one must be among
 * the other's: ONVIF adds some (`unicast=true&proto=Onvif`) to an address that people write without.
 */
export function isSameStream(a: URL, b: URL): boolean {
  if (a.hostname !== b.hostname || pathOf(a) !== pathOf(b)) return false;
  const [mine, others] = [[...a.searchParams], [...b.searchParams]];
  return isAmong(mine, others) || isAmong(others, mine);
}

/** Without a slash at the end, in lower case: makers take either. */
const pathOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, '').toLowerCase();

type Parameters = readonly (readonly [string, string])[];
const isAmong = (some: Parameters, all: Parameters): boolean =>
  some.every(([name, value]) => all.some((one) => one[0] === name && one[1] === value));

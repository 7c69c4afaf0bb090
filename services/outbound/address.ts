/** Which addresses requests may go to (server-side request forgery): public ones, and private ones that the operator named. */
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks that are not the public internet, by RFC 6890 and the IANA special-purpose registries. */
const CLOSED_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const CLOSED_V6: readonly [string, number][] = [
  ['::', 128],
  ['::1', 128],
  // NAT64 and 6to4 carry an IPv4 address, which may be a private one.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const closed = new BlockList();
for (const [net, bits] of CLOSED_V4) closed.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of CLOSED_V6) closed.addSubnet(net, bits, 'ipv6');

/** Hosts and networks that are private and allowed all the same. */
export interface Allowed {
  host(name: string): boolean;
  address(address: string): boolean;
}

/** @param entries host names, addresses, or networks (`10.1.0.0/16`), as in MINGZAO_OUTBOUND_ALLOW */
export function allowedFrom(entries: readonly string[]): Allowed {
  const names = new Set<string>();
  const nets = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.toLowerCase().split('/');
    const family = isIP(address);
    if (family === 0) names.add(address);
    else nets.addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    host: (name) => names.has(name.toLowerCase()),
    address: (address) => nets.check(plain(address), isIPv6(plain(address)) ? 'ipv6' : 'ipv4'),
  };
}

/** An IPv4 address in IPv6 clothes (::ffff:10.0.0.1, in any spelling) is the IPv4 address. */
function plain(address: string): string {
  if (!isIPv6(address)) return address;
  const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const bytes = [mapped[1], mapped[2]].flatMap((part) => {
    const word = Number.parseInt(part ?? '0', 16);
    return [word >> 8, word & 0xff];
  });
  return bytes.join('.');
}

/** Whether an address is on the public internet. */
export function isPublic(address: string): boolean {
  const bare = plain(address);
  if (isIP(bare) === 0) return false;
  return !closed.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4');
}

/** Why a request may not go to this address; null when it may. */
export function refusalOf(host: string, address: string, allowed: Allowed): string | null {
  if (isPublic(address) || allowed.host(host) || allowed.address(address)) return null;
  return `${address} is not a public address; MINGZAO_OUTBOUND_ALLOW may name it`;
}

/** Networks that may be searched for cameras: private ones that an operator names, small enough to ask every address. IPv4. Pure. */

/** Most addresses of one search: a /22. */
export const MOST_ADDRESSES = 1024;

/** 10/8, 172.16/12, 192.168/16 (RFC 1918), and the machine itself (RFC 1122 §3.2.1.3). */
const PRIVATE: readonly Network[] = [
  { first: toNumber([10, 0, 0, 0]), last: toNumber([10, 255, 255, 255]) },
  { first: toNumber([172, 16, 0, 0]), last: toNumber([172, 31, 255, 255]) },
  { first: toNumber([192, 168, 0, 0]), last: toNumber([192, 168, 255, 255]) },
  { first: toNumber([127, 0, 0, 0]), last: toNumber([127, 255, 255, 255]) },
];

/** Addresses as numbers, both ends included. */
export interface Network {
  first: number;
  last: number;
}

function toNumber(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** An IPv4 address as a number; undefined for what is none. */
export function addressNumber(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return toNumber(parts.map(Number));
}

const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** `192.168.1.0/24`, or one address; and why it may not be searched. */
export function networkOf(text: string): Network | 'unreadable' | 'ipv6' | 'public' | 'too_large' {
  if (text.includes(':')) return 'ipv6';
  const [address = '', bits = '32', ...rest] = text.trim().split('/');
  const number = addressNumber(address);
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  if (number === undefined || length > 32 || rest.length > 0) return 'unreadable';
  const size = 2 ** (32 - length);
  const first = number - (number % size);
  const network = { first, last: first + size - 1 };
  if (!PRIVATE.some((one) => network.first >= one.first && network.last <= one.last)) return 'public';
  return size > MOST_ADDRESSES ? 'too_large' : network;
}

/** Whether the address lies in one of the networks. A name lies in none. */
export function inNetworks(networks: readonly Network[], address: string): boolean {
  const number = addressNumber(address);
  return number !== undefined && networks.some(({ first, last }) => number >= first && number <= last);
}

/** Every address that a device may have; without those of the network itself and of all in it. */
export function addressesOf(networks: readonly Network[]): string[] {
  return networks.flatMap(({ first, last }) => {
    const [from, to] = last - first >= 3 ? [first + 1, last - 1] : [first, last];
    return Array.from({ length: to - from + 1 }, (_, i) => addressText(from + i));
  });
}

/**
 * One parser a kind of value. A parser gets the text of a set variable and either returns the value or throws
 * `WrongValue`, whose message says what would be right (without key and value: the reader adds those).
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One environment variable: its name, how to read it, what it is when unset. */
export interface KeySpec<T> {
  key: string;
  /** Secret values are never shown, neither in errors nor in logs. */
  secret: boolean;
  fallback: T;
  parse(raw: string): T;
  /** How the value may be shown in a log. */
  show(value: T): string;
}

export class WrongValue extends Error {}

const SECRET = '***';

/** Where evidence lies: a local folder, or a bucket behind the S3 API. */
export type ObjectStoreAddress =
  | { kind: 'file'; path: string }
  | {
      kind: 's3';
      /** `http(s)://host:port`. */
      endpoint: string;
      bucket: string;
      region: string;
      accessKey: string;
      secretKey: string;
    };

interface TextOptions {
  secret?: boolean;
  pattern?: RegExp;
  right?: string;
  /** Characters. */
  minLength?: number;
}

export function text(key: string, options: TextOptions & { fallback: string }): KeySpec<string>;
export function text(key: string, options?: TextOptions): KeySpec<string | undefined>;
export function text(
  key: string,
  options: TextOptions & { fallback?: string } = {},
): KeySpec<string | undefined> {
  const { secret = false, pattern, right = 'another text', minLength = 1, fallback } = options;
  return {
    key,
    secret,
    fallback,
    parse(raw) {
      if (raw.length < minLength) throw new WrongValue(`at least ${minLength} characters`);
      if (pattern && !pattern.test(raw)) throw new WrongValue(right);
      return raw;
    },
    show: (value) => (secret ? SECRET : String(value)),
  };
}

export function number(
  key: string,
  options: { fallback: number; min: number; max: number; whole?: boolean },
): KeySpec<number> {
  const { fallback, min, max, whole = true } = options;
  return {
    key,
    secret: false,
    fallback,
    parse(raw) {
      const value = /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
      if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
        throw new WrongValue(`a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
      }
      return value;
    },
    show: String,
  };
}

export function oneOf<const T extends string>(key: string, allowed: readonly T[], fallback: T): KeySpec<T> {
  return {
    key,
    secret: false,
    fallback,
    parse(raw) {
      const found = allowed.find((word) => word === raw);
      if (found === undefined) throw new WrongValue(`one of ${allowed.join(', ')}`);
      return found;
    },
    show: String,
  };
}

/** An address, kept as written. Its user name and password are hidden when shown. */
export function url(key: string, protocols: readonly string[], example: string): KeySpec<string | undefined> {
  return {
    key,
    secret: false,
    fallback: undefined,
    parse(raw) {
      const parsed = URL.parse(raw);
      if (!parsed || !protocols.includes(parsed.protocol) || parsed.hostname === '') {
        throw new WrongValue(`an address like ${example}`);
      }
      return raw.replace(/\/$/, '');
    },
    show: (value) => (value === undefined ? '' : hideCredentials(value)),
  };
}

/** Hosts, addresses or networks, with commas between. */
export function hostList(key: string): KeySpec<readonly string[]> {
  return entryList(
    key,
    (entry) => isNetwork(entry) || /^[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(entry),
    'host names, addresses or networks like sms.example.org,10.1.0.0/16',
  );
}

/** Addresses or networks, with commas between; no names. */
export function networkList(key: string): KeySpec<readonly string[]> {
  return entryList(key, isNetwork, 'addresses or networks like 10.1.2.3,172.30.231.0/24');
}

function entryList(
  key: string,
  isRight: (entry: string) => boolean,
  right: string,
): KeySpec<readonly string[]> {
  return {
    key,
    secret: false,
    fallback: [],
    parse(raw) {
      const entries = raw.split(',').map((entry) => entry.trim());
      if (!entries.every(isRight)) throw new WrongValue(right);
      return entries;
    },
    show: (value) => value.join(','),
  };
}

/** An address, or one with the bits of its network. */
function isNetwork(entry: string): boolean {
  const [host = '', bits, ...more] = entry.split('/');
  const family = isIP(host);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export function secretKey(key: string, bytes: number): KeySpec<Buffer | undefined> {
  return {
    key,
    secret: true,
    fallback: undefined,
    parse(raw) {
      const hex = new RegExp(`^[0-9a-f]{${bytes * 2}}$`, 'i').test(raw);
      const value = Buffer.from(raw, hex ? 'hex' : 'base64');
      if (value.length !== bytes || !(hex || /^[\w+/-]+={0,2}$/.test(raw))) {
        throw new WrongValue(`${bytes} bytes, as ${bytes * 2} hex digits or base64`);
      }
      return value;
    },
    show: () => SECRET,
  };
}

const STORE_EXAMPLE = 's3://KEY:SECRET@host:9000/bucket?tls=0 or file:///folder';

/** `s3://KEY:SECRET@host:port/bucket?tls=0&region=us-east-1` (tls is on unless 0) or `file:///folder`. */
export function objectStore(key: string): KeySpec<ObjectStoreAddress | undefined> {
  return {
    key,
    secret: false,
    fallback: undefined,
    parse(raw) {
      const parsed = URL.parse(raw);
      if (parsed?.protocol === 'file:' && parsed.hostname === '') {
        return { kind: 'file', path: resolve(fileURLToPath(parsed)) };
      }
      const bucket = parsed?.pathname.replace(/^\/|\/$/g, '') ?? '';
      if (
        parsed?.protocol !== 's3:' ||
        !parsed.username ||
        !parsed.password ||
        !/^[\w.-]{3,63}$/.test(bucket)
      ) {
        throw new WrongValue(`an address like ${STORE_EXAMPLE}`);
      }
      return {
        kind: 's3',
        endpoint: `${parsed.searchParams.get('tls') === '0' ? 'http' : 'https'}://${parsed.host}`,
        bucket,
        region: parsed.searchParams.get('region') ?? 'us-east-1',
        accessKey: decodeURIComponent(parsed.username),
        secretKey: decodeURIComponent(parsed.password),
      };
    },
    show(value) {
      if (value === undefined) return '';
      return value.kind === 'file' ? `file://${value.path}` : `${value.endpoint}/${value.bucket}`;
    },
  };
}

/** The address without its password (and without one in the query). */
export function hideCredentials(address: string): string {
  const parsed = URL.parse(address);
  if (!parsed) return SECRET;
  if (parsed.password) parsed.password = SECRET;
  for (const name of parsed.searchParams.keys()) {
    if (/pass|secret|token|key/i.test(name)) parsed.searchParams.set(name, SECRET);
  }
  return parsed.href;
}

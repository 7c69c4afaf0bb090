/** Codes of authenticator apps against the vectors of the RFCs. */
import { describe, expect, test } from 'vitest';
import { hotp, matchingStep, otpauthUri, stepAt, toBase32 } from '../../services/domain/totp.ts';

const ascii = (text: string) => Buffer.from(text, 'ascii');
const SHA1 = ascii('12345678901234567890');
const SHA256 = ascii('12345678901234567890123456789012');
const SHA512 = ascii('1234567890123456789012345678901234567890123456789012345678901234');

describe('RFC 4226, appendix D', () => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
  test.each(codes.map((code, counter) => ({ code, counter })))('$counter → $code', ({ code, counter }) => {
    expect(hotp(SHA1, counter)).toBe(code);
  });
});

describe('RFC 6238, appendix B', () => {
  const vectors = [
    { seconds: 59, sha1: '94287082', sha256: '46119246', sha512: '90693936' },
    { seconds: 1111111109, sha1: '07081804', sha256: '68084774', sha512: '25091201' },
    { seconds: 1111111111, sha1: '14050471', sha256: '67062674', sha512: '99943326' },
    { seconds: 1234567890, sha1: '89005924', sha256: '91819424', sha512: '93441116' },
    { seconds: 2000000000, sha1: '69279037', sha256: '90698825', sha512: '38618901' },
    { seconds: 20000000000, sha1: '65353130', sha256: '77737706', sha512: '47863826' },
  ];
  test.each(vectors)('at $seconds s', ({ seconds, sha1, sha256, sha512 }) => {
    const step = stepAt(new Date(seconds * 1000));
    expect(hotp(SHA1, step, 8)).toBe(sha1);
    expect(hotp(SHA256, step, 8, 'sha256')).toBe(sha256);
    expect(hotp(SHA512, step, 8, 'sha512')).toBe(sha512);
  });
});

test('RFC 4648, section 10: base32', () => {
  const encoded = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => toBase32(ascii(text)));
  expect(encoded).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
});

test('a code holds one step either side of its own, and never a second time', () => {
  const at = new Date(1_234_567_890_000);
  const here = stepAt(at);
  const match = (step: number, last = 0) => matchingStep(SHA1, hotp(SHA1, step), at, last);
  expect([-2, -1, 0, 1, 2].map((off) => match(here + off))).toEqual([
    undefined,
    here - 1,
    here,
    here + 1,
    undefined,
  ]);
  expect(match(here, here)).toBeUndefined();
  expect(match(here, here - 1)).toBe(here);
});

test('the address that apps read', () => {
  const uri = otpauthUri({ issuer: 'Mingzao', account: 'li.wei', secret: SHA1 });
  expect(uri).toBe(
    'otpauth://totp/Mingzao:li.wei?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mingzao&digits=6&period=30',
  );
});

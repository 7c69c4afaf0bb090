/** RFC 3161: what is asked of a time-stamp authority, and what it answers. */

import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { MessageImprint, PKIStatus, TimeStampReq, TimeStampResp } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { buffer } from './der.ts';

export const SHA256_OID = '2.16.840.1.101.3.4.2.1';

/**
 * Section 2.4.1. The certificate is asked for, so that the token can be checked years later without anybody's help.
 * @param imprint 32 bytes, SHA-256
 * @param nonce up to 8 random bytes that the answer repeats
 */
export function timeStampRequest(imprint: Buffer, nonce: Buffer): Buffer {
  const request = new TimeStampReq({
    messageImprint: new MessageImprint({
      // RFC 5754 section 2: parameters absent or NULL; OpenSSL and others write NULL
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256_OID, parameters: null }),
      hashedMessage: new OctetString(buffer(imprint)),
    }),
    nonce: buffer(positive(nonce)),
    certReq: true,
  });
  return Buffer.from(AsnConvert.serialize(request));
}

/** An INTEGER of the DER encoding that is not negative and has no needless zeros. */
export function positive(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  return (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
}

/** Section 2.4.2. @returns the TimeStampToken, DER @throws Error when it was not granted */
export function tokenOfResponse(response: Buffer): Buffer {
  const parsed = AsnConvert.parse(buffer(response), TimeStampResp);
  const { status } = parsed.status;
  const granted = status === PKIStatus.granted || status === PKIStatus.grantedWithMods;
  if (!granted || parsed.timeStampToken === undefined) {
    const said = [...(parsed.status.statusString ?? [])].join('; ');
    throw new Error(`the authority refused (status ${status}${said === '' ? '' : `: ${said}`})`);
  }
  return Buffer.from(AsnConvert.serialize(parsed.timeStampToken));
}

/** Checks an RFC 3161 token: what it is about, who signed it, and whether that one may. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { type Attribute, ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, TSTInfo } from '@peculiar/asn1-tsp';
import { Certificate } from '@peculiar/asn1-x509';
import { buffer, derSet } from './der.ts';
import { positive, SHA256_OID } from './protocol.ts';

export interface TimeStamp {
  /** When the authority says it saw the imprint. */
  at: Date;
  /** Subject of the certificate that signed. */
  authority: string;
  /** The certificate leads to one of the given roots; `not-checked`: none were given. */
  trust: 'trusted' | 'not-checked';
}

const HASHES: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  // signature algorithms that name their hash: RSA (RFC 4055), ECDSA (RFC 5758)
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
/** RFC 2634 and RFC 5035: which certificate signed, inside what is signed. */
const SIGNING_CERTIFICATE = ['1.2.840.113549.1.9.16.2.12', '1.2.840.113549.1.9.16.2.47'];
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const MOST_CERTIFICATES = 20;

/**
 * @param imprint what must be stamped, 32 bytes @param nonce what was sent along; undefined: not known any more
 * @param roots PEM @throws Error that says what is wrong
 */
export function checkToken(
  token: Buffer,
  about: { imprint: Buffer; nonce?: Buffer },
  roots: readonly string[] = [],
): TimeStamp {
  const content = AsnConvert.parse(buffer(token), ContentInfo);
  if (content.contentType !== SIGNED_DATA) throw new Error('it is no time stamp');
  const signed = AsnConvert.parse(content.content, SignedData);
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== id_ct_tstInfo || eContent === undefined) throw new Error('it is no time stamp');
  const info = Buffer.from(
    eContent.single?.buffer ?? AsnConvert.parse(eContent.any ?? new ArrayBuffer(0), OctetString).buffer,
  );
  const stamp = AsnConvert.parse(buffer(info), TSTInfo);
  checkAbout(stamp, about);
  // RFC 3161 section 2.4.2: no signature but that of the authority
  const [signer] = signed.signerInfos;
  if (signer === undefined || signed.signerInfos.length !== 1) throw new Error('it has not one signer');
  const all = (signed.certificates ?? [])
    .slice(0, MOST_CERTIFICATES)
    .flatMap(({ certificate }) => certificate ?? []);
  const certificates = all.map((one) => new X509Certificate(Buffer.from(AsnConvert.serialize(one))));
  const certificate = certificates.find((one) => issuedAs(one, signer));
  if (certificate === undefined) throw new Error('the certificate of its signer is not in it');
  checkSignature(signer, certificate, info);
  checkPurpose(certificate);
  const trust = checkChain(certificate, certificates, roots, stamp.genTime);
  return { at: stamp.genTime, authority: certificate.subject.replaceAll('\n', ', '), trust };
}

function checkAbout(stamp: TSTInfo, { imprint, nonce }: { imprint: Buffer; nonce?: Buffer }): void {
  const { hashAlgorithm, hashedMessage } = stamp.messageImprint;
  if (hashAlgorithm.algorithm !== SHA256_OID || !Buffer.from(hashedMessage.buffer).equals(imprint))
    throw new Error('it is about something else');
  if (nonce === undefined) return;
  if (stamp.nonce === undefined || !positive(Buffer.from(stamp.nonce)).equals(positive(nonce)))
    throw new Error('it does not answer this request (nonce)');
}

function issuedAs(certificate: X509Certificate, { sid }: SignerInfo): boolean {
  const wanted = sid.issuerAndSerialNumber;
  if (wanted !== undefined)
    return positive(Buffer.from(certificate.serialNumber.padStart(2, '0'), 'hex')).equals(
      positive(Buffer.from(wanted.serialNumber)),
    );
  const parsed = AsnConvert.parse(buffer(certificate.raw), Certificate);
  const identifier = sid.subjectKeyIdentifier;
  return (
    identifier !== undefined &&
    (parsed.tbsCertificate.extensions ?? []).some(
      ({ extnID, extnValue }) =>
        extnID === '2.5.29.14' &&
        Buffer.from(extnValue.buffer).subarray(2).equals(Buffer.from(identifier.buffer)),
    )
  );
}

const attributeOf = (attributes: readonly Attribute[], type: string): Buffer | undefined => {
  const [value] = attributes.find((one) => one.attrType === type)?.attrValues ?? [];
  return value === undefined ? undefined : Buffer.from(value);
};

/** RFC 5652 section 5.4, and that the certificate is the one that is signed to be it (RFC 5816). */
function checkSignature(signer: SignerInfo, certificate: X509Certificate, info: Buffer): void {
  const attributes = signer.signedAttrs ?? [];
  const digest = HASHES[signer.digestAlgorithm.algorithm];
  const hash = HASHES[signer.signatureAlgorithm.algorithm] ?? digest;
  if (digest === undefined || hash === undefined)
    throw new Error(`its algorithm ${signer.signatureAlgorithm.algorithm} is not known here`);
  const said = attributeOf(attributes, MESSAGE_DIGEST)?.subarray(2);
  if (said === undefined || !createHash(digest).update(info).digest().equals(said))
    throw new Error('its content was altered');
  if (!attributeOf(attributes, CONTENT_TYPE)) throw new Error('its signed attributes are not whole');
  const bound = SIGNING_CERTIFICATE.flatMap((type) => attributeOf(attributes, type) ?? []);
  const names = ['sha1', 'sha256', 'sha384', 'sha512'].map((name) =>
    createHash(name).update(certificate.raw).digest(),
  );
  if (!bound.some((value) => names.some((name) => value.includes(name))))
    throw new Error('another certificate signed it');
  // Sent as [0], signed as the SET that it stands for.
  const raw = derSet(attributes.map((one) => Buffer.from(AsnConvert.serialize(one))));
  const name = certificate.publicKey.asymmetricKeyType === 'ed25519' ? null : hash;
  if (!verify(name, raw, certificate.publicKey, Buffer.from(signer.signature.buffer)))
    throw new Error('its signature is wrong');
}

/** RFC 3161 section 2.3: a certificate for time stamps alone, and marked so critically. */
function checkPurpose(certificate: X509Certificate): void {
  const { extensions } = AsnConvert.parse(buffer(certificate.raw), Certificate).tbsCertificate;
  const usage = (extensions ?? []).find(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const purposes = certificate.keyUsage ?? [];
  if (usage?.critical !== true || purposes.length !== 1 || purposes[0] !== TIME_STAMPING)
    throw new Error('its certificate is not one for time stamps');
}

function checkChain(
  signer: X509Certificate,
  certificates: readonly X509Certificate[],
  roots: readonly string[],
  at: Date,
): TimeStamp['trust'] {
  const valid = (one: X509Certificate): boolean =>
    at >= new Date(one.validFrom) && at <= new Date(one.validTo);
  if (!valid(signer)) throw new Error('its certificate was not valid at that time');
  if (roots.length === 0) return 'not-checked';
  const trusted = roots.map((pem) => new X509Certificate(pem));
  let current = signer;
  for (let steps = 0; steps <= certificates.length; steps += 1) {
    const here = current;
    const issued = (by: X509Certificate): boolean => here.checkIssued(by) && here.verify(by.publicKey);
    if (trusted.some((root) => root.fingerprint256 === here.fingerprint256 || (issued(root) && valid(root))))
      return 'trusted';
    const next = certificates.find(
      (one) => one.fingerprint256 !== here.fingerprint256 && one.ca && issued(one) && valid(one),
    );
    if (next === undefined) break;
    current = next;
  }
  throw new Error('its certificate leads to none of the trusted authorities');
}

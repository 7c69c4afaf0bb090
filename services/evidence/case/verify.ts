/** Checks a case file with nothing but the file: container, manifest, signature, every file, every chain, every time stamp. */
import { createHash, type KeyObject } from 'node:crypto';
import { chainFaults } from '../../domain/case-chain.ts';
import type { ZipEntry } from '../zip/format.ts';
import { type ByteSource, contentOffset, readEntry, readZipIndex } from '../zip/reader.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { MANIFEST, type Manifest, PUBLIC_KEY, readManifest, SIGNATURE, UNLISTED } from './manifest.ts';
import { keyId, readPublicKey, signatureFits } from './signing-key.ts';
import { verifyItems } from './verify-items.ts';
import type { Checked, CheckedTimeStamp, Fault, Unpacked } from './verify-report.ts';
import { verifyTimeStamps } from './verify-time-stamps.ts';

export interface TrustOptions {
  /** Whose signature is expected: from a file that came another way than the zip. */
  publicKey?: KeyObject;
  /** Hex SHA-256 of the public key. */
  fingerprint?: string;
  /** Root certificates (PEM) of time-stamp authorities. */
  timeStampRoots?: readonly string[];
}

export interface VerifyReport {
  /** No fault, and a signature that fits, by the expected key where one was: never said of what was not looked at. */
  whole: boolean;
  faults: Fault[];
  manifest: Manifest | undefined;
  signature: {
    fits: boolean;
    keyId: string | undefined;
    /** `own-key`: checked against the key that came in the zip: proves integrity, not origin. */
    trust: 'trusted' | 'own-key';
  };
  timeStamps: CheckedTimeStamp[];
  files: number;
}

/** What may be read at once. A signature has 64 bytes (RFC 8032), a key about 113; more is none of ours, and a fault. */
const MOST_BYTES = { [MANIFEST]: 256 * 1024 * 1024, [SIGNATURE]: 64, [PUBLIC_KEY]: 4096 };

export async function verifyCase(source: ByteSource, trust: TrustOptions = {}): Promise<VerifyReport> {
  const report = await reportOf(source, trust);
  const { faults, manifest, signature } = report;
  const byWhom = !isExpected(trust) || signature.trust === 'trusted';
  return {
    ...report,
    whole: faults.length === 0 && manifest !== undefined && signature.fits && byWhom,
  };
}

const isExpected = ({ publicKey, fingerprint }: TrustOptions): boolean =>
  publicKey !== undefined || fingerprint !== undefined;

async function reportOf(source: ByteSource, trust: TrustOptions): Promise<VerifyReport> {
  const index = await readZipIndex(source);
  const report: VerifyReport = {
    whole: false,
    faults: index.faults.map(({ detail }) => ({ fault: 'container', about: 'zip', detail })),
    manifest: undefined,
    signature: { fits: false, keyId: undefined, trust: 'own-key' },
    timeStamps: [],
    files: index.entries.length,
  };
  const files = new Map<string, Checked>();
  for (const entry of index.entries) files.set(entry.name, { entry, sha256: await hashOf(source, entry) });
  const bytes = await small(source, files, MANIFEST, report.faults);
  report.faults.push(...(await signatureFaults(source, files, bytes, trust, report)));
  if (bytes === undefined) return report;
  const manifest = parseManifest(bytes, report.faults);
  if (manifest === undefined) return report;
  report.manifest = manifest;
  const unpacked = { source, files, manifest };
  report.faults.push(...fileFaults(unpacked));
  for (const one of manifest.cases) {
    const links = one.items.map((item) => ({ ...item, caseId: one.id }));
    for (const { detail } of chainFaults(links, one.end))
      report.faults.push({ fault: 'chain', about: `case ${one.id}`, detail });
    report.faults.push(...(await verifyItems(unpacked, one)));
    const stamps = await verifyTimeStamps(unpacked, one, trust.timeStampRoots ?? []);
    report.timeStamps.push(...stamps.checked);
    report.faults.push(...stamps.faults);
  }
  return report;
}

const HASH_STEP = 1 << 20;

async function hashOf(source: ByteSource, entry: ZipEntry): Promise<string> {
  const hash = createHash('sha256');
  const start = contentOffset(entry);
  for (let done = 0; done < entry.size; done += HASH_STEP)
    hash.update(await source.read(start + done, Math.min(HASH_STEP, entry.size - done)));
  return hash.digest('hex');
}

/** The bytes of one of the three that the manifest cannot list; what is too large is a fault and stays unread. */
async function small(
  source: ByteSource,
  files: ReadonlyMap<string, Checked>,
  name: keyof typeof MOST_BYTES,
  faults: Fault[],
): Promise<Buffer | undefined> {
  const entry = files.get(name)?.entry;
  if (entry === undefined) return undefined;
  if (entry.size <= MOST_BYTES[name]) return await readEntry(source, entry);
  const fault = name === MANIFEST ? 'manifest' : 'signature';
  const detail = `it has ${entry.size} bytes, more than the ${MOST_BYTES[name]} it may have: it was not read`;
  faults.push({ fault, about: name, detail });
  return undefined;
}

function parseManifest(bytes: Buffer, faults: Fault[]): Manifest | undefined {
  try {
    const manifest = readManifest(bytes);
    if (canonicalJson(manifest as Json) !== bytes.toString())
      faults.push({ fault: 'manifest', about: MANIFEST, detail: 'it is not in the form it was written in' });
    return manifest;
  } catch (error) {
    const detail = `it cannot be read: ${(error as Error).message}`;
    faults.push({ fault: 'manifest', about: MANIFEST, detail });
    return undefined;
  }
}

async function signatureFaults(
  source: ByteSource,
  files: ReadonlyMap<string, Checked>,
  manifest: Buffer | undefined,
  trust: TrustOptions,
  report: VerifyReport,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const missing = UNLISTED.filter((name) => !files.has(name));
  faults.push(
    ...missing.map((name): Fault => ({ fault: 'missing', about: name, detail: 'it is not there' })),
  );
  const inside = ownKey(await small(source, files, PUBLIC_KEY, faults));
  if (inside === undefined && files.has(PUBLIC_KEY))
    faults.push({ fault: 'altered', about: PUBLIC_KEY, detail: 'it is no public key as it was written' });
  const key = trust.publicKey ?? inside;
  const id = key === undefined ? undefined : keyId(key);
  report.signature.keyId = id;
  const expected = trust.fingerprint?.toLowerCase() ?? (trust.publicKey && keyId(trust.publicKey));
  const insideId = inside === undefined ? undefined : keyId(inside);
  if (expected !== undefined && (id !== expected || (insideId !== undefined && insideId !== expected)))
    faults.push({
      fault: 'signature',
      about: PUBLIC_KEY,
      detail: `the file was signed with the key ${insideId ?? id ?? 'unknown'}, not with the expected ${expected}`,
    });
  const signature = await small(source, files, SIGNATURE, faults);
  if (key === undefined || manifest === undefined || signature === undefined) {
    const detail = 'it was not checked: manifest, signature or key is missing or cannot be read';
    return [...faults, { fault: 'signature', about: SIGNATURE, detail }];
  }
  report.signature.fits = signatureFits(manifest, signature, key);
  if (!report.signature.fits)
    faults.push({
      fault: 'signature',
      about: SIGNATURE,
      detail: 'the signature does not fit the manifest: one of the two was altered, or another key signed',
    });
  else if (expected === id) report.signature.trust = 'trusted';
  return faults;
}

/** The key in the zip, if it is written just as keys are. */
function ownKey(pem: Buffer | undefined): KeyObject | undefined {
  try {
    if (pem === undefined) return undefined;
    const key = readPublicKey(pem);
    return key.export({ type: 'spki', format: 'pem' }) === pem.toString() ? key : undefined;
  } catch {
    return undefined;
  }
}

function fileFaults({ files, manifest }: Unpacked): Fault[] {
  const faults: Fault[] = [];
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  for (const { path, sha256, bytes } of listed.values()) {
    const there = files.get(path);
    if (there === undefined)
      faults.push({ fault: 'missing', about: path, detail: 'it is listed, but not there' });
    else if (there.sha256 !== sha256 || there.entry.size !== bytes)
      faults.push({ fault: 'altered', about: path, detail: 'its bytes are not those that were signed' });
  }
  for (const name of files.keys())
    if (!listed.has(name) && !UNLISTED.includes(name))
      faults.push({ fault: 'extra', about: name, detail: 'it was not there when the file was signed' });
  return faults;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginExport, registerKey } from '../../../services/db/case-exports.ts';
import { loadCaseFile } from '../../../services/db/case-file.ts';
import { exportCase } from '../../../services/evidence/case/export.ts';
import { openSigningKey, type SigningKey } from '../../../services/evidence/case/signing-key.ts';
import { type TrustOptions, verifyCase } from '../../../services/evidence/case/verify.ts';
import { writeZip, type ZipContent } from '../../../services/evidence/zip/writer.ts';
import type { Api } from '../../api/support.ts';

/** A key of its own that is in no file any more. */
export async function newKey(): Promise<SigningKey> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-key-'));
  try {
    return await openSigningKey(join(folder, 'evidence-key.pem'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The contents of the zip, as tools and API write them. */
export async function contentsOf(
  { context, clock }: Api,
  findingId: string,
  key: SigningKey,
): Promise<{ contents: ZipContent[]; trouble: string[] }> {
  const { db, store } = context;
  await registerKey(db, key, clock.now());
  const purpose = 'test';
  const exportId = await beginExport(db, { caseId: findingId, actorId: null, purpose }, clock.now());
  const about = { exportId, at: clock.now(), by: 'tester', purpose, softwareVersion: '0.0.0' };
  const trouble: string[] = [];
  const contents: ZipContent[] = [];
  const onTrouble = (what: string): void => void trouble.push(what);
  const file = await loadCaseFile(db, findingId);
  for await (const content of exportCase(file, { store, key, about, onTrouble })) contents.push(content);
  return { contents, trouble };
}

export async function zipOf(contents: Iterable<ZipContent>): Promise<Buffer> {
  async function* all() {
    yield* contents;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeZip(all())) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function exportOf(api: Api, findingId: string, key: SigningKey): Promise<Buffer> {
  return await zipOf((await contentsOf(api, findingId, key)).contents);
}

/** Checks a file that lies in memory. */
export const verifyBytes = async (zip: Buffer, trust?: TrustOptions) =>
  await verifyCase(
    { size: zip.length, read: async (offset, length) => zip.subarray(offset, offset + length) },
    trust,
  );

/** Each fault in a line. */
export const faultsOf = async (zip: Buffer, trust?: TrustOptions): Promise<string[]> =>
  (await verifyBytes(zip, trust)).faults.map(({ fault, about, detail }) => `${fault}: ${about}: ${detail}`);

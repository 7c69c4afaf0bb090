import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beginExport, finishExport, registerKey } from '../../services/db/case-exports.ts';
import { loadCaseFile } from '../../services/db/case-file.ts';
import { findCase } from '../../services/db/cases.ts';
import { exportCase } from '../../services/evidence/case/export.ts';
import { openSigningKey } from '../../services/evidence/case/signing-key.ts';
import { writeZip } from '../../services/evidence/zip/writer.ts';
import { say, warn, withOwn } from './open.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export async function exportOne(named: string, options: { out?: string; purpose: string }): Promise<number> {
  return await withOwn(async ({ database: { db }, store, keyFile }) => {
    const found = await findCase(db, named);
    if (found === undefined) {
      warn(`there is no case ${named}: give the number or id of a task, or the id of a finding`);
      return 2;
    }
    const out = resolve(options.out ?? `case-${found.taskNumber ?? found.id}.zip`);
    const at = new Date();
    const key = await openSigningKey(keyFile);
    await registerKey(db, key, at);
    const purpose = options.purpose;
    const exportId = await beginExport(db, { caseId: found.id, actorId: null, purpose }, at);
    const about = { exportId, at, by: 'system', purpose, softwareVersion: version };
    const file = await loadCaseFile(db, found.id);
    let trouble = 0;
    const onTrouble = (what: string): void => {
      trouble += 1;
      warn(`trouble: ${what}`);
    };
    let signed: { manifestSha256: string; keyId: string } | undefined;
    const onSigned = (what: typeof signed): void => {
      signed = what;
    };
    const size = await writeWhole(
      out,
      writeZip(exportCase(file, { store, key, about, onTrouble, onSigned })),
    );
    if (signed !== undefined) await finishExport(db, exportId, signed, new Date());
    say(`${out}: ${size.bytes} bytes, SHA-256 ${size.sha256}`);
    say(`signed with the key ${key.id}`);
    return trouble === 0 ? 0 : 1;
  });
}

/** Beside its place first: no half file ever has the name. Nothing that is there is overwritten. */
async function writeWhole(
  out: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const beside = `${out}.part`;
  const handle = await open(beside, 'w', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    await handle.sync();
    await link(beside, out).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new Error(`${out} is there already`) : error;
    });
  } finally {
    await handle.close();
    await rm(beside, { force: true });
  }
  return { bytes, sha256: hash.digest('hex') };
}

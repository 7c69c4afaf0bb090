import { open, readFile } from 'node:fs/promises';
import { readPublicKey } from '../../services/evidence/case/signing-key.ts';
import { type VerifyReport, verifyCase } from '../../services/evidence/case/verify.ts';
import { splitCertificates } from '../../services/evidence/time-stamp/certificates.ts';
import { say } from './open.ts';

export interface VerifyOptions {
  key?: string;
  fingerprint?: string;
  timestampRoots?: string;
  json?: true;
}

export async function verify(file: string, options: VerifyOptions): Promise<number> {
  const fingerprint = options.fingerprint?.replaceAll(/[\s:]/g, '').toLowerCase();
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/.test(fingerprint))
    throw new Error('--fingerprint is a SHA-256: 64 hex digits');
  const trust = {
    ...(options.key !== undefined && { publicKey: await publicKeyOf(options.key) }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(options.timestampRoots !== undefined && {
      timeStampRoots: splitCertificates(await readFile(options.timestampRoots, 'utf8')),
    }),
  };
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (offset: number, length: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(Math.min(length, Math.max(0, size - offset)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    };
    const report = await verifyCase({ size, read }, trust);
    say(options.json ? JSON.stringify(report, null, 2) : plain(report).join('\n'));
    return report.whole ? 0 : 1;
  } finally {
    await handle.close();
  }
}

async function publicKeyOf(file: string) {
  try {
    return readPublicKey(await readFile(file));
  } catch (error) {
    throw new Error(`--key ${file}: ${(error as Error).message}`);
  }
}

function plain({ whole, faults, manifest, signature, timeStamps, files }: VerifyReport): string[] {
  const lines = faults.map(({ fault, about, detail }) => `${fault}: ${about}: ${detail}`);
  if (manifest !== undefined) {
    const items = manifest.cases.reduce((sum, one) => sum + one.items.length, 0);
    const names = manifest.cases.map((one) => one.task?.number ?? one.id).join(', ');
    lines.push(`case ${names}: ${items} items, ${files} files`);
    lines.push(`exported ${manifest.exportedAt} by ${manifest.exportedBy}, for: ${manifest.purpose}`);
  }
  for (const { seq, at, authority, trust } of timeStamps)
    lines.push(
      `time stamp: items 1 to ${seq} were there at ${at.toISOString()}, says ${authority}` +
        (trust === 'trusted' ? '' : ' (authority not checked: give --timestamp-roots)'),
    );
  if (signature.fits)
    lines.push(
      signature.trust === 'trusted'
        ? `signature: right, by the expected key ${signature.keyId}`
        : `signature: right, but only checked against the key in the file (${signature.keyId}): that proves that nothing was ` +
            'altered since, not who signed. Compare the fingerprint with the one the authority publishes, or give --key or --fingerprint.',
    );
  lines.push(whole ? 'WHOLE' : `NOT WHOLE: ${faults.length} faults`);
  return lines;
}

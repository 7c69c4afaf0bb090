/** What is padded beyond what is read at once is a fault, not a step that is left out: a forger may not pad the signature away. */
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../services/evidence/case/canonical-json.ts';
import type { Manifest } from '../../services/evidence/case/manifest.ts';
import { readPublicKey, type SigningKey } from '../../services/evidence/case/signing-key.ts';
import { verifyCase } from '../../services/evidence/case/verify.ts';
import type { ZipContent } from '../../services/evidence/zip/writer.ts';
import { useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';
import { addCase, addPeople } from './support/case.ts';
import { contentsOf, newKey } from './support/export.ts';
import { virtualZip } from './support/virtual-zip.ts';

const MIB = 1024 * 1024;
const api = useApi();
let contents: ZipContent[];
let key: SigningKey;

beforeAll(async () => {
  const world = await addWorld(api());
  const one = await addCase(api(), world, await addPeople(api(), world));
  key = await newKey();
  ({ contents } = await contentsOf(api(), one.findingId, key));
});

/** Another tells the case: who exported it and what for; the authority's key and signature stay. */
function forged(): ZipContent[] {
  return contents.map((content) => {
    if (content.name !== 'manifest.json') return content;
    const manifest = JSON.parse(Buffer.from(content.bytes).toString()) as Manifest;
    manifest.purpose = 'forged';
    return { name: content.name, bytes: Buffer.from(canonicalJson(manifest as Json)) };
  });
}

describe('a forged case file', () => {
  test.each([
    ['manifest.sig', 512 * MIB + 1],
    ['manifest.sig', 65],
    ['manifest.json', 512 * MIB + 1],
    ['key.pem', 512 * MIB + 1],
  ])('is not whole by a %s of %i bytes, whatever is expected of it', async (name, bytes) => {
    const trusts = [{ publicKey: readPublicKey(key.publicKey), fingerprint: key.id }, {}];
    for (const trust of bytes > MIB ? trusts.slice(0, 1) : trusts) {
      const report = await verifyCase(virtualZip(forged(), { [name]: bytes }), trust);
      const faults = report.faults.map((fault) => `${fault.about}: ${fault.detail}`).join('\n');
      expect(faults).toContain(`${name}: it has ${bytes} bytes, more than`);
      expect({ whole: report.whole, trust: report.signature.trust }).toEqual({
        whole: false,
        trust: 'own-key',
      });
    }
  });

  test('is told from the real one, which is whole', async () => {
    expect((await verifyCase(virtualZip(contents), { fingerprint: key.id })).whole).toBe(true);
    expect((await verifyCase(virtualZip(contents))).whole).toBe(true);
    const other = await newKey();
    expect((await verifyCase(virtualZip(contents), { fingerprint: other.id })).whole).toBe(false);
    expect((await verifyCase(virtualZip(forged()), { fingerprint: key.id })).whole).toBe(false);
  });
});

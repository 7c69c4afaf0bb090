/** A case file proves itself: whatever is altered in it is named. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { canonicalJson, type Json } from '../../services/evidence/case/canonical-json.ts';
import type { Manifest } from '../../services/evidence/case/manifest.ts';
import { readPublicKey, type SigningKey } from '../../services/evidence/case/signing-key.ts';
import type { ZipContent } from '../../services/evidence/zip/writer.ts';
import { useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';
import { addCase, addPeople, type TestCase } from './support/case.ts';
import { contentsOf, faultsOf, newKey, verifyBytes, zipOf } from './support/export.ts';

const api = useApi();
let one: TestCase;
let key: SigningKey;
let contents: ZipContent[];
let zip: Buffer;

beforeAll(async () => {
  const world = await addWorld(api());
  one = await addCase(api(), world, await addPeople(api(), world));
  key = await newKey();
  ({ contents } = await contentsOf(api(), one.findingId, key));
  zip = await zipOf(contents);
});

const manifest = (): Manifest => JSON.parse(Buffer.from(contentOf('manifest.json')).toString()) as Manifest;
const contentOf = (name: string): Uint8Array => {
  const found = contents.find((content) => content.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found.bytes;
};
/** The zip with its contents changed; `null` leaves one out. */
const changed = (change: (content: ZipContent) => ZipContent | null): Promise<Buffer> =>
  zipOf(contents.flatMap((content) => change(content) ?? []));
/** As somebody with a key of his own would forge it. */
const resigned = async (change: (manifest: Manifest) => void, signer: SigningKey): Promise<Buffer> => {
  const forged = manifest();
  change(forged);
  const bytes = Buffer.from(canonicalJson(forged as Json));
  return await changed((content) => {
    if (content.name === 'manifest.json') return { name: content.name, bytes };
    if (content.name === 'manifest.sig') return { name: content.name, bytes: signer.sign(bytes) };
    if (content.name === 'key.pem') return { name: content.name, bytes: Buffer.from(signer.publicKey) };
    return content;
  });
};

describe('a case file', () => {
  test('is whole, and says which parts of the case are in it', async () => {
    const report = await verifyBytes(zip);
    expect(report.faults).toEqual([]);
    const sources = report.manifest?.cases[0]?.items.map(({ source }) => source);
    expect(sources).toEqual([
      'finding',
      'history',
      'evidence',
      'evidence',
      'evidence',
      'verdict',
      'task',
      'history',
      'history',
      'photo',
      'answer',
      'history',
      'history',
      'history',
    ]);
    expect(report.manifest?.cases[0]?.task?.number).toBe(one.number);
    expect(report.manifest?.people.map(({ username }) => username).sort()).toEqual(['inspector', 'merchant']);
  });

  test('says that a key inside it proves no origin, and that a known one does', async () => {
    expect((await verifyBytes(zip)).signature).toEqual({ fits: true, keyId: key.id, trust: 'own-key' });
    for (const trust of [{ fingerprint: key.id }, { publicKey: readPublicKey(key.publicKey) }])
      expect((await verifyBytes(zip, trust)).signature.trust).toBe('trusted');
  });

  test('no byte of it can be flipped without being named', { timeout: 120_000 }, async () => {
    const unseen: number[] = [];
    // Every byte of the container and of small files; of the manifest, a long text, every 97th.
    const long = zip.indexOf(Buffer.from(contentOf('manifest.json')));
    const longEnd = long + contentOf('manifest.json').length;
    for (let at = 0; at < zip.length; at += at >= long && at < longEnd ? 97 : 13) {
      const altered = Buffer.from(zip);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      if ((await verifyBytes(altered)).faults.length === 0) unseen.push(at);
    }
    expect(unseen).toEqual([]);
  });

  test('names the picture in which one byte was flipped', async () => {
    const name = contents.find((content) => content.name.startsWith('files/'))?.name ?? '';
    const at = zip.indexOf(Buffer.from(contentOf(name)));
    const altered = Buffer.from(zip);
    altered.writeUInt8(altered.readUInt8(at) ^ 0x80, at);
    const faults = await faultsOf(altered);
    expect(faults).toContain(`altered: ${name}: its bytes are not those that were signed`);
    expect(faults.join('\n')).toContain('(evidence ');
  });

  test('names what is missing, what is extra, and what stands behind its end', async () => {
    const name = contents[0]?.name ?? '';
    expect(await faultsOf(await changed((content) => (content.name === name ? null : content)))).toEqual([
      `missing: ${name}: it is listed, but not there`,
    ]);
    const more = await zipOf([...contents, { name: 'files/more.jpg', bytes: Buffer.from('x') }]);
    expect(await faultsOf(more)).toEqual([
      'extra: files/more.jpg: it was not there when the file was signed',
    ]);
    const behind = Buffer.concat([zip, Buffer.from('hidden')]);
    expect((await faultsOf(behind)).join()).toContain('container');
  });

  test('a manifest that was altered has a wrong signature', async () => {
    const altered = await changed((content) =>
      content.name === 'manifest.json'
        ? {
            ...content,
            bytes: Buffer.from(Buffer.from(content.bytes).toString().replace('tester', 'nobody')),
          }
        : content,
    );
    expect((await faultsOf(altered)).join('\n')).toContain('signature: manifest.sig');
  });

  test('a manifest that another signed is whole, but not by the expected key', async () => {
    const forged = await resigned(() => undefined, await newKey());
    expect((await faultsOf(forged, { fingerprint: key.id })).join('\n')).toContain('not with the expected');
    expect((await faultsOf(forged, { publicKey: readPublicKey(key.publicKey) })).length).toBeGreaterThan(0);
  });

  test('an item that was left out before signing breaks the chain', async () => {
    const forged = await resigned((left) => {
      const items = left.cases[0]?.items ?? [];
      const gone = items.splice(5, 1)[0];
      left.files = left.files.filter(({ path }) => path !== gone?.path);
    }, key);
    const faults = (await faultsOf(forged)).join('\n');
    expect(faults).toContain('link 6 before it is missing');
    expect(faults).toContain('ends after link 13, but 14 were written');
  });

  test('an item that was altered before signing is named by its digest', async () => {
    const item = manifest().cases[0]?.items.find(({ source }) => source === 'answer');
    const bytes = Buffer.from(
      Buffer.from(contentOf(item?.path ?? ''))
        .toString()
        .replace('已整改', '未整改'),
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const forged = await resigned((all) => {
      for (const file of all.files) if (file.path === item?.path) file.sha256 = sha256;
    }, key);
    expect(forged.length).toBe(zip.length);
    const whole = Buffer.from(forged);
    bytes.copy(whole, forged.indexOf(Buffer.from(contentOf(item?.path ?? ''))));
    expect((await faultsOf(whole)).join('\n')).toContain('altered in the database before the export');
  });

  test('is read by other programs: unpacked by Python, its signature checked by OpenSSL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mingzao-case-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'case.zip'), zip);
    const run = (command: string, args: string[]) =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
    run('python3', ['-m', 'zipfile', '-e', 'case.zip', '.']);
    const args = ['-verify', '-pubin', '-inkey', 'key.pem', '-rawin', '-in', 'manifest.json'];
    expect(run('openssl', ['pkeyutl', ...args, '-sigfile', 'manifest.sig'])).toContain(
      'Verified Successfully',
    );
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    expect(page).toContain('属实，&#60;b&#62;未戴帽');
    expect(page).not.toMatch(/<script|javascript:/i);
  });
});

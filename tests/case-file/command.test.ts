/** `npm run evidence`: what a person at the machine types. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';
import { cleanEnv } from '../support/process.ts';
import { addCase, addPeople, type TestCase } from './support/case.ts';

const MAIN = resolve(import.meta.dirname, '../../tools/evidence/main.ts');
const api = useApi();
let one: TestCase;
let folder: string;

beforeAll(async () => {
  const world = await addWorld(api());
  one = await addCase(api(), world, await addPeople(api(), world));
  folder = await mkdtemp(join(tmpdir(), 'mingzao-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function evidence(args: string[], online = true) {
  const env = online
    ? {
        DATABASE_URL: api().databaseUrl,
        OBJECT_STORE_URL: `file://${api().folder}`,
        MINGZAO_DATA_DIR: folder,
      }
    : { MINGZAO_DATA_DIR: join(folder, 'nothing') };
  const done = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: cleanEnv(env),
    encoding: 'utf8',
  });
  return { code: done.status, said: `${done.stdout}${done.stderr}` };
}

describe('npm run evidence', () => {
  test('exports, verifies without a database, and names the byte that was flipped', async () => {
    const exported = evidence(['export', one.number, '--purpose', '移送']);
    expect(exported).toMatchObject({ code: 0 });
    const file = join(folder, `case-${one.number}.zip`);
    expect(evidence(['export', one.number])).toMatchObject({ code: 2 });
    const id = /signed with the key (\w{64})/.exec(exported.said)?.[1] ?? '';
    expect((await stat(join(folder, 'evidence-key.pem'))).mode & 0o777).toBe(0o600);

    const whole = evidence(['verify', file], false);
    expect(whole).toMatchObject({ code: 0 });
    expect(whole.said).toContain('not who signed');
    expect(whole.said).toMatch(/WHOLE\n$/);
    expect(evidence(['verify', file, '--fingerprint', id.toUpperCase()], false).said).toContain(
      `by the expected key ${id}`,
    );
    const pem = /-----BEGIN[\s\S]+-----END PUBLIC KEY-----/.exec(evidence(['key']).said)?.[0] ?? '';
    await writeFile(join(folder, 'authority.pem'), pem);
    expect(evidence(['verify', file, '--key', 'authority.pem'], false).said).toContain('expected key');
    expect(evidence(['verify', file, '--fingerprint', 'ab'.repeat(32)], false).code).toBe(1);

    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await writeFile(join(folder, 'flipped.zip'), bytes);
    const flipped = evidence(['verify', 'flipped.zip'], false);
    expect(flipped.code).toBe(1);
    expect(flipped.said).toMatch(/(altered|container): .*files\//);
    const report = JSON.parse(evidence(['verify', 'flipped.zip', '--json'], false).said) as {
      faults: { about: string }[];
    };
    expect(report.faults.length).toBeGreaterThan(0);
  });

  test('a key that was rotated leaves what it signed valid', () => {
    const file = `case-${one.number}.zip`;
    const before = /fingerprint (\w{64})/.exec(evidence(['key']).said)?.[1];
    const after = /fingerprint (\w{64})/.exec(evidence(['rotate-key', '--yes']).said)?.[1];
    expect(after).not.toBe(before);
    expect(evidence(['verify', file, '--fingerprint', before ?? ''], false).code).toBe(0);
    expect(evidence(['export', one.number, '--out', 'again.zip']).said).toContain(after);
  });

  test('check says that all is there, and names what is not', async () => {
    expect(evidence(['check', '--bytes'])).toMatchObject({ code: 0 });
    const row = await api()
      .context.db.selectFrom('evidence')
      .selectAll()
      .where('finding_id', '=', one.findingId)
      .where('kind', '=', 'clip')
      .executeTakeFirstOrThrow();
    await rm(join(api().folder, row.object_key));
    const checked = evidence(['check']);
    expect(checked.code).toBe(1);
    expect(checked.said).toContain(`missing: ${row.object_key}: evidence ${row.id} needs it`);
    // Exported it is all the same, and says so.
    expect(evidence(['export', one.number, '--out', 'lost.zip'])).toMatchObject({ code: 1 });
    const lost = evidence(['verify', 'lost.zip'], false);
    expect([lost.code, lost.said.includes('no removal is recorded')]).toEqual([1, true]);
  });

  test('says what is wrong with what was typed', () => {
    expect(evidence(['export', 'ZG-0']).said).toContain('there is no case ZG-0');
    expect(evidence(['verify', 'nowhere.zip'], false)).toMatchObject({ code: 2 });
    expect(evidence(['verify', 'again.zip', '--fingerprint', 'xyz'], false).said).toContain('64 hex digits');
    expect(evidence(['export', one.number], false).said).toContain('DATABASE_URL');
  });
});

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidenceKey, pictureKey, sha256, spoolFrameKey } from '../../services/evidence/keys.ts';
import { ObjectMissing, type ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe.each(['folder', 's3'] as const)('the object store in a %s', (kind) => {
  let store: ObjectStore;
  let folder: string;
  let server: S3rver | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-store-'));
    if (kind === 'folder') {
      store = openObjectStore({ kind: 'file', path: join(folder, 'objects') });
      return;
    }
    server = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory: folder,
      configureBuckets: [{ name: 'mingzao', configs: [] }],
    });
    const { port } = await server.run();
    store = openObjectStore({
      kind: 's3',
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'mingzao',
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
    });
  });
  afterAll(async () => {
    store.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back what was put, byte by byte', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await store.put('spool/a/1.jpg', all);
    expect(Buffer.compare(await store.get('spool/a/1.jpg'), all)).toBe(0);
  });

  it('says which object is missing', async () => {
    await expect(store.get('spool/none.jpg')).rejects.toThrow(new ObjectMissing('spool/none.jpg'));
    await expect(store.copy('spool/none.jpg', 'evidence/none.jpg')).rejects.toThrow(ObjectMissing);
    await store.remove('spool/none.jpg');
  });

  it('copies into evidence, which outlives the spool, also when copied twice', async () => {
    const key = spoolFrameKey('look', sha256(bytes('frame')));
    await store.put(key, bytes('frame'));
    await store.copy(key, evidenceKey(key));
    await store.copy(key, evidenceKey(key));
    await store.remove(key);
    expect((await store.get(evidenceKey(key))).toString()).toBe('frame');
    await expect(store.get(key)).rejects.toThrow(ObjectMissing);
  });

  it('overwrites a picture only when told so', async () => {
    const key = pictureKey('camera');
    await store.put(key, bytes('one'), { overwrite: true });
    await store.put(key, bytes('two'), { overwrite: true });
    expect((await store.get(key)).toString()).toBe('two');
  });

  it('lists what lies below a prefix', async () => {
    await store.put('list/a/1.jpg', bytes('1'));
    await store.put('list/b/2.jpg', bytes('2'));
    const keys: string[] = [];
    for await (const { key, at } of store.list('list')) {
      keys.push(key);
      expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(60_000);
    }
    expect(keys.sort()).toEqual(['list/a/1.jpg', 'list/b/2.jpg']);
    const none: string[] = [];
    for await (const { key } of store.list('nothing-here')) none.push(key);
    expect(none).toEqual([]);
  });

  it.each(['../secret', 'a/../../b', '/etc/passwd', 'a//b', '', 'a/./b', 'ä'])(
    'refuses the key %j',
    async (key) => {
      await expect(Promise.resolve().then(() => store.put(key, bytes('x')))).rejects.toThrow(
        'not an object key',
      );
    },
  );
});

it('never overwrites evidence in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-store-'));
  const store = openObjectStore({ kind: 'file', path: folder });
  await store.put('evidence/x.jpg', bytes('first'));
  await store.put('evidence/x.jpg', bytes('second'));
  expect((await store.get('evidence/x.jpg')).toString()).toBe('first');
  await writeFile(join(folder, 'evidence', '.half-written'), 'x');
  await rm(folder, { recursive: true });
});

describe('folders that hold nothing any more', () => {
  let folder: string;
  let store: ObjectStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-store-'));
    store = openObjectStore({ kind: 'file', path: folder });
  });
  afterAll(() => rm(folder, { recursive: true }));
  const left = () => readdir(join(folder, 'spool'));

  it('go with their last object', async () => {
    await store.put('spool/look/1.jpg', bytes('1'));
    await store.put('spool/look/2.jpg', bytes('2'));
    await store.remove('spool/look/1.jpg');
    expect(await left()).toEqual(['look']);
    await store.remove('spool/look/2.jpg');
    expect(await left()).toEqual([]);
  });

  it('but not the folder of their kind, nor the store itself, however its path is written', async () => {
    for (const path of [`${folder}/store/`, `${folder}/./other`]) {
      const written = openObjectStore({ kind: 'file', path });
      await written.put('spool/look/1.jpg', bytes('1'));
      await written.remove('spool/look/1.jpg');
      expect(await readdir(path)).toEqual(['spool']);
    }
  });

  it('go when they are met empty, left by a crash', async () => {
    await mkdir(join(folder, 'spool', 'old'));
    for await (const { key } of store.list('spool')) expect(key).toBe('none');
    expect(await left()).toEqual([]);
  });

  it('never take what is written meanwhile with them', async () => {
    const round = async (i: number): Promise<void> => {
      const [key, copy] = [`spool/busy/${i}.jpg`, `spool/copies/${i}.jpg`];
      await store.put(key, bytes(String(i)));
      await store.copy(key, copy);
      await store.remove(key);
      expect((await store.get(copy)).toString()).toBe(String(i));
      await store.remove(copy);
    };
    for (let i = 0; i < 400; i += 8)
      await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((beside) => round(i + beside)));
    expect(await left()).toEqual([]);
  });
});

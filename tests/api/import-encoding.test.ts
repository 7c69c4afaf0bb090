/** CSV as Excel and WPS save it: in the code page of the machine. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addAccount, as, type Call, PASSWORD, signIn, useApi } from './support.ts';

const example = (name: string) => readFile(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');
/** 灶台1号·䶮 as Excel writes it in a Chinese Windows; the last sign has four bytes in newer standards. */
const STOVE = '灶台1号·䶮';
const STOVE_GBK = Buffer.from('d4eecca831bac5a1a4fe9f', 'hex');

describe('encodings', () => {
  const api = useApi();
  let admin: Call;
  let token = '';
  beforeAll(async () => {
    admin = await as(api(), 'admin', 'operator');
    token = await signIn(api(), 'admin');
    expect((await send(await example('county.yaml'), 'application/yaml')).statusCode).toBe(200);
  });
  const send = (body: string | Buffer, contentType = 'text/csv', path = '/import') =>
    api().app.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      payload: body,
    });
  const nameIs = async () => (await admin('GET /cameras/school-cooking-1')).json<{ name: string }>().name;

  const gbk = Buffer.concat([
    Buffer.from(
      'region,merchant,zone,camera,camera_name\nchengguan,first-primary-school,cooking,school-cooking-1,',
    ),
    STOVE_GBK,
    Buffer.from('\n'),
  ]);

  test('a file in GBK is read as what it says, through the API and the command', async () => {
    expect((await send(gbk)).json()).toMatchObject({ updated: 1 });
    expect(await nameIs()).toBe(STOVE);

    const folder = await mkdtemp(join(tmpdir(), 'mingzao-import-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'gbk.csv');
    await writeFile(file, gbk);
    await addAccount(api(), 'importer', 'operator');
    await api().app.listen({ host: '127.0.0.1', port: 0 });
    const address = api().app.server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const run = promisify(execFile);
    const { stdout } = await run(
      process.execPath,
      ['tools/import/main.ts', '--url', url, '--username', 'importer', file],
      { env: { ...process.env, MINGZAO_ADMIN_PASSWORD: PASSWORD } },
    );
    expect(stdout).toBe('created 0, updated 0, unchanged 1\n');
  });

  test('signs that were lost before, or in no encoding that is read, are refused with their line', async () => {
    const head = 'region,merchant,zone,camera,camera_name\n';
    const row = 'chengguan,first-primary-school,cooking,school-cooking-1,';
    const saved = `${head}${row}��̨1��\n`;
    const neither = Buffer.concat([Buffer.from(`${head}${row}`), Buffer.from([0xff, 0xfe, 0x0a])]);
    for (const body of [saved, neither]) {
      const answer = await send(body);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ errors: [{ row: 2, code: 'file_signs_lost' }] });
    }
    expect(await nameIs()).toBe(STOVE);
  });

  test('a calendar in GBK is read too', async () => {
    const day = Buffer.concat([
      Buffer.from('date,type,name\n2026-01-01,off,'),
      Buffer.from('d4aab5a9', 'hex'),
      Buffer.from('\n'),
    ]);
    const path = '/calendars/gbk-2026/import?name=GBK&region=huojia';
    const answer = await send(day, 'text/csv', path);
    expect(answer.json()).toMatchObject({ days: [{ date: '2026-01-01', type: 'off', name: '元旦' }] });
    const lost = await send('date,type,name\n2026-01-01,off,Ԫ\uFFFD\n', 'text/csv', path);
    expect(lost.json()).toMatchObject({ errors: [{ field: 'row.2', code: 'file_signs_lost' }] });
  });
});

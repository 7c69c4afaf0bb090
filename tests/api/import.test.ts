import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ImportRefused, importFile, signIn as signInAt } from '../../tools/import/client.ts';
import { addAccount, as, type Call, PASSWORD, signIn, useApi } from './support.ts';

const example = (name: string) => readFile(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');
const THOUSANDS = 3000;

describe('import', () => {
  const api = useApi();
  let admin: Call;
  let token = '';
  beforeAll(async () => {
    admin = await as(api(), 'admin', 'operator');
    token = await signIn(api(), 'admin');
  });
  const send = (body: string, contentType: string, query = '') =>
    api().app.inject({
      method: 'POST',
      url: `/api/v1/import${query}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      payload: body,
    });
  const counts = async () => {
    const { db } = api().context;
    const { n } = await db
      .selectFrom('camera')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  test('a YAML file makes a county, and the same file again changes nothing', async () => {
    const yaml = await example('county.yaml');
    const tried = await send(yaml, 'application/yaml', '?dryRun=true');
    expect(tried.json()).toMatchObject({ dryRun: true, created: 13, secrets: [] });
    expect(await counts()).toBe(0);

    const done = await send(yaml, 'application/yaml');
    expect(done.json()).toMatchObject({
      created: 13,
      updated: 0,
      unchanged: 0,
      sections: { cameras: { created: 3 }, rules: { created: 1 } },
      secrets: [{ gateway: 'school-box', username: 'school-box' }],
    });
    expect((await admin('GET /cameras/noodles-1')).json()).toMatchObject({
      rtspHost: '192.0.2.10:554',
      lookIntervalS: 60,
      merchant: { code: 'wang-noodles' },
      region: { path: 'huojia.zhaojing' },
    });
    const again = await send(yaml, 'application/yaml');
    expect(again.json()).toMatchObject({ created: 0, updated: 0, unchanged: 13, secrets: [] });
  });

  test('the CSV file says the same: nothing changes', async () => {
    const done = await send(await example('county.csv'), 'text/csv; charset=utf-8');
    expect(done.json()).toMatchObject({ created: 0, updated: 0, unchanged: 10 });
  });

  test('what differs is changed, what is not named stays, a removed camera comes back', async () => {
    await admin('DELETE /cameras/school-cold-1');
    const document = {
      cameras: [
        {
          code: 'school-cooking-1',
          merchant: 'first-primary-school',
          zone: 'cooking',
          name: '新名',
          source: 'mqtt',
          gateway: 'school-box',
        },
        {
          code: 'school-cold-1',
          merchant: 'first-primary-school',
          zone: 'cold-dishes',
          name: '凉菜间',
          source: 'mqtt',
          gateway: 'school-box',
        },
        { code: 'noodles-1', merchant: 'wang-noodles', zone: 'kitchen', name: '后厨全景', source: 'rtsp' },
      ],
    };
    const done = await admin('POST /import', document);
    expect(done.json()).toMatchObject({ created: 0, updated: 2, unchanged: 1 });
    expect((await admin('GET /cameras/school-cooking-1')).json()).toMatchObject({
      name: '新名',
      lookIntervalS: 30,
    });
    expect((await admin('GET /cameras/school-cold-1')).json()).toMatchObject({
      timestampAreas: [[0, 0, 0.4, 0.08]],
    });
    expect((await admin('GET /cameras/noodles-1')).json()).toMatchObject({
      rtspHost: '192.0.2.10:554',
      lookIntervalS: 60,
    });
  });

  test('all errors are told at once with row and field, and nothing is written', async () => {
    const before = await counts();
    const csv = [
      'region,merchant,merchant_name,zone,zone_kind,camera,source,gateway,rtsp_url,look_interval_s',
      'chengguan,new-one,新店,kitchen,cooking,good-1,rtsp,,rtsp://h/1,30',
      'chengguan,new-one,新店,kitchen,garden,bad-1,rtsp,,rtsp://h/1,30',
      'nowhere,other,别店,kitchen,cooking,bad-2,rtsp,,rtsp://h/1,30',
      'chengguan,new-one,改名,kitchen,cooking,bad-3,rtsp,,http://user:pw@h/1,300',
      'chengguan,new-one,新店,kitchen,cooking,bad-4,mqtt,no-box,,30',
      'chengguan,new-one,新店,kitchen,cooking,good-1,rtsp,,rtsp://h/1,30',
    ].join('\n');
    const answer = await send(csv, 'text/csv');
    expect(answer.statusCode).toBe(400);
    const { errors } = answer.json<{ errors: { row: number; field: string; message: string }[] }>();
    const places = errors.map((error) => `${error.row} ${error.field}`);
    for (const place of [
      '3 zone_kind',
      '4 region',
      '5 merchant_name',
      '5 rtsp_url',
      '5 look_interval_s',
      '6 gateway',
      '7 camera',
    ]) {
      expect(places).toContain(place);
    }
    expect(answer.body).not.toContain('user:pw');
    expect(await counts()).toBe(before);
    expect((await admin('GET /merchants/new-one')).statusCode).toBe(404);
  });

  test('masks, areas and limits are taken, told by the trial run, and wrong ones name row and column', async () => {
    const header =
      'region,merchant,zone,camera,camera_name,source,gateway,privacy_masks,regions_of_interest,ignore_areas,zone_areas,metre_line,min_score_no_hat,min_score_rodent,min_size_no_mask';
    const rows = (...lines: string[]) => [header, ...lines].join('\n');
    const school = (camera: string, rest: string) =>
      `chengguan,first-primary-school,cooking,${camera},灶台,mqtt,school-box,${rest}`;
    const good = rows(
      school(
        'school-cooking-1',
        '"[[0.1,0.1,0.2,0.2]]","[[0,0,1,0.9]]","[[0.5,0.5,0.6,0.6]]","[{""zone"":""cold-dishes"",""area"":[[0,0],[0.5,0],[0.5,0.5]]}]","[[0.1,0.9],[0.4,0.9]]",0.7,,64',
      ),
    );
    const tried = await send(good, 'text/csv', '?dryRun=true');
    expect(tried.json<{ drawn: unknown[] }>().drawn).toEqual([
      {
        camera: 'school-cooking-1',
        row: 2,
        timestampAreas: null,
        regionsOfInterest: 1,
        ignoreAreas: 1,
        privacyMasks: 1,
        zoneAreas: 1,
        minScores: { no_hat: 0.7 },
        minSizes: { no_mask: 64 },
      },
    ]);
    const camera = async () => (await admin('GET /cameras/school-cooking-1')).json<Record<string, unknown>>();
    expect(await camera()).toMatchObject({ privacyMasks: [], minScores: {} });
    await send(good, 'text/csv');
    const drawn = {
      privacyMasks: [[0.1, 0.1, 0.2, 0.2]],
      regionsOfInterest: [[0, 0, 1, 0.9]],
      ignoreAreas: [[0.5, 0.5, 0.6, 0.6]],
      metreLine: [
        [0.1, 0.9],
        [0.4, 0.9],
      ],
      minSizes: { no_mask: 64 },
    };
    expect(await camera()).toMatchObject({
      ...drawn,
      zoneAreas: [{ zone: 'cold-dishes' }],
      minScores: { no_hat: 0.7 },
    });
    expect((await send(good, 'text/csv')).json()).toMatchObject({
      updated: 0,
      unchanged: 1,
      drawn: [],
      drawnCount: 0,
    });
    // An empty cell changes nothing; an empty list takes away; another kind comes beside the first.
    const next = await send(rows(school('school-cooking-1', '[],,,,,,0.5,')), 'text/csv');
    expect(next.json()).toMatchObject({
      drawn: [{ privacyMasks: 0, minScores: { rodent: 0.5 }, zoneAreas: null }],
    });
    expect(await camera()).toMatchObject({
      ...drawn,
      privacyMasks: [],
      minScores: { no_hat: 0.7, rodent: 0.5 },
    });

    const wrong = await send(
      rows(
        school('w-1', '"[[0.2,0.1,0.1,0.2]]",,,,,,,'),
        school('w-2', '"[[0.1,0.1,2,0.2]]",,,,,,,'),
        school('w-3', 'the left corner,,,,,,,'),
        school('w-4', ',,,"[{""zone"":""attic"",""area"":[0,0,1,1]}]",,1.5,,'),
        school('w-5', ',,,"[{""zone"":""attic"",""area"":[0,0,1,1]}]",,,,'),
        school('w-6', ',,,,,,,many'),
      ),
      'text/csv',
    );
    expect(wrong.statusCode).toBe(400);
    const { errors } = wrong.json<{ errors: { row: number; field: string }[] }>();
    const places = errors.map(({ row, field }) => `${row} ${field}`);
    expect(places).toEqual(
      expect.arrayContaining([
        '2 privacy_masks.0',
        expect.stringMatching(/^3 privacy_masks/),
        '4 privacy_masks',
        '5 min_score_no_hat',
        '6 zone_areas.0.zone',
        '7 min_size_no_mask',
      ]),
    );
    expect((await admin('GET /cameras/w-1')).statusCode).toBe(404);
  });

  test('errors of a YAML file name the place in it', async () => {
    const answer = await send(
      'cameras:\n  - { code: x, merchant: nobody, zone: z, name: x, source: rtsp, rtspUrl: "rtsp://h/1" }\nkitchens: []\n',
      'application/yaml',
    );
    expect(answer.json()).toMatchObject({
      errors: [
        { field: 'kitchens' },
        { field: 'cameras.0.merchant', message: 'there is no merchant with the code "nobody"' },
      ],
    });
    const broken = await send('cameras: [', 'application/yaml');
    expect(broken.statusCode).toBe(400);
    expect((await send('<xml/>', 'application/xml')).statusCode).toBe(415);
    expect((await send('a,"b', 'text/csv')).statusCode).toBe(400);
    expect((await send('', 'text/csv')).statusCode).toBe(400);
  });

  test('thousands of cameras, and the same again', async () => {
    const rows = Array.from({ length: THOUSANDS }, (_, i) => {
      const m = Math.floor(i / 2);
      return `chengguan,m-${m},店 ${m},restaurant,kitchen,cooking,cam-${i},rtsp,rtsp://user:pw@10.0.0.1/${i},30`;
    });
    const csv = `region,merchant,merchant_name,merchant_type,zone,zone_kind,camera,source,rtsp_url,look_interval_s\n${rows.join('\n')}\n`;
    const done = await send(csv, 'text/csv');
    expect(done.json()).toMatchObject({ created: THOUSANDS + THOUSANDS / 2 + THOUSANDS / 2, updated: 0 });
    const again = await send(csv, 'text/csv');
    expect(again.json()).toMatchObject({ created: 0, updated: 0, unchanged: 2 * THOUSANDS });
    const masked = rows.map((row) => `${row},"[[0,0,1,0.1]]"`).join('\n');
    const tried = await send(`${csv.split('\n')[0]},privacy_masks\n${masked}\n`, 'text/csv', '?dryRun=true');
    const told = tried.json<{ drawn: unknown[]; drawnCount: number }>();
    expect([told.drawn.length, told.drawnCount]).toEqual([500, THOUSANDS]);
  });

  test('the command says what it did, and tells errors line by line', async () => {
    await api().app.listen({ host: '127.0.0.1', port: 0 });
    const address = api().app.server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    await addAccount(api(), 'importer', 'operator');
    const mine = await signInAt(url, 'importer', PASSWORD);
    const body = await example('county.yaml');
    const result = await importFile(url, mine, { body, contentType: 'application/yaml', dryRun: true });
    expect(result).toMatchObject({ dryRun: true, created: 0 });
    const refused = importFile(url, mine, {
      body: 'cameras: [{}]',
      contentType: 'application/yaml',
      dryRun: false,
    });
    await expect(refused).rejects.toThrow(ImportRefused);
    await expect(refused).rejects.toMatchObject({
      lines: expect.arrayContaining(['cameras.0.code: is missing']),
    });
  });
});

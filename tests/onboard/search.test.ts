/** ONVIF 搜索: cameras of another company are found in the networks named, and nothing else is asked, whatever they say. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { answerProbe } from '../../services/db/camera-probes.ts';
import { addressesOf, inNetworks, type Network, networkOf } from '../../services/domain/networks.ts';
import type { FoundCamera, SearchAnswer } from '../../services/domain/probe.ts';
import type { GatewayParts } from '../../services/gateway/context.ts';
import { type SearchQuestion, searchCameras } from '../../services/gateway/probes/search.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { type FakeCamera, type FakeOptions, startFakeCamera } from './fake-onvif.ts';

const ACCOUNT = { user: 'admin', password: 'secret' };
const cameras: FakeCamera[] = [];
const camera = async (options: FakeOptions): Promise<FakeCamera> => {
  const made = await startFakeCamera(options);
  cameras.push(made);
  return made;
};
afterEach(async () => {
  for (const one of cameras.splice(0)) await one.close();
});

/** Only the clock of the gateway is used. */
const parts = { now: () => new Date() } as GatewayParts;
const search = (question: Partial<SearchQuestion> = {}): Promise<SearchAnswer> =>
  searchCameras(parts, { networks: ['127.0.0.8/29'], account: ACCOUNT, ...question });

describe('networks', () => {
  test.each([
    ['192.168.1.0/24', 254],
    ['10.1.2.3', 1],
    ['172.31.0.0/22', 1022],
  ])('%s may be searched', (text, count) => {
    const network = networkOf(text);
    expect(addressesOf([network as Network])).toHaveLength(count);
  });

  test.each([
    ['8.8.8.0/24', 'public'],
    ['172.32.0.0/24', 'public'],
    ['169.254.169.254', 'public'],
    ['0.0.0.0/0', 'public'],
    ['10.0.0.0/8', 'too_large'],
    ['192.168.0.0/21', 'too_large'],
    ['192.168.1.0/33', 'unreadable'],
    ['192.168.1.256', 'unreadable'],
    ['fd00::/64', 'ipv6'],
    ['camera.local', 'unreadable'],
    ['192.168.1.0/24/8', 'unreadable'],
  ])('%s may not: %s', (text, why) => {
    expect(networkOf(text)).toBe(why);
  });

  test('an address is inside or not; a name is never', () => {
    const network = networkOf('192.168.1.77/30') as Network;
    expect(inNetworks([network], '192.168.1.79')).toBe(true);
    expect(inNetworks([network], '192.168.1.80')).toBe(false);
    expect(inNetworks([network], 'localhost')).toBe(false);
  });
});

describe('searching', () => {
  test('a camera tells its streams, largest first, to who has its password; its clock may be wrong', async () => {
    const found = await camera({ address: '127.0.0.10', clockAheadMs: 7_200_000 });
    const answer = await search();
    expect(answer).toEqual({
      asked: 6,
      found: [
        {
          host: '127.0.0.10',
          name: 'HIKVISION DS-2CD',
          model: 'DS-2CD3T46',
          problem: '',
          sources: [
            {
              token: 'VideoSource_1',
              streams: [
                {
                  url: 'rtsp://127.0.0.10:554/Streaming/Channels/101?a=1&b=2',
                  codec: 'h265',
                  width: 2560,
                  height: 1440,
                },
                {
                  url: 'rtsp://127.0.0.10:554/Streaming/Channels/102',
                  codec: 'h264',
                  width: 640,
                  height: 360,
                },
              ],
            },
          ],
        },
      ],
    });
    expect(found.asked).toEqual([
      'GetSystemDateAndTime',
      'GetCapabilities',
      'GetProfiles',
      'GetStreamUri',
      'GetStreamUri',
    ]);
  });

  test('a recorder tells its streams channel by channel, never two rooms together', async () => {
    await camera({ address: '127.0.0.10', channels: 4 });
    await camera({ address: '127.0.0.11', unsaidSources: true });
    const { found } = await search();
    const paths = found.map(({ sources }) =>
      sources.map(({ token, streams }) => [
        token,
        ...streams.map(({ url }) => /Channels\/(\d+)/.exec(url)?.[1]),
      ]),
    );
    expect(paths).toEqual([
      [
        ['VideoSource_1', '101', '102'],
        ['VideoSource_2', '201', '202'],
        ['VideoSource_3', '301', '302'],
        ['VideoSource_4', '401', '402'],
      ],
      // Nothing says that these two belong together.
      [
        ['sub1', '102'],
        ['main1', '101'],
      ],
    ]);
  });

  test('a wrong password is told; what lies outside is neither asked nor shown', async () => {
    const outside = await camera({ address: '127.0.0.30' });
    const locked = await camera({ address: '127.0.0.9', password: 'another' });
    const elsewhere = await camera({
      address: '127.0.0.10',
      service: () => `http://127.0.0.30:${outside.port}/onvif/device_service`,
    });
    const media = await camera({ address: '127.0.0.11', mediaHost: '127.0.0.30' });
    const streams = await camera({
      address: '127.0.0.12',
      rtsp: { main: 'rtsp://127.0.0.30/1', sub: 'rtsp://camera.example/2' },
    });
    const flood = await camera({ address: '127.0.0.13', flood: 2_000_000 });
    const { found } = await search();
    expect(found.map(({ host, problem, sources }) => [host, problem, sources.length])).toEqual([
      ['127.0.0.9', 'unauthorized', 0],
      ['127.0.0.10', 'outside', 0],
      ['127.0.0.11', 'outside', 0],
      ['127.0.0.12', 'outside', 0],
      ['127.0.0.13', 'unreadable', 0],
    ]);
    expect([outside.probed, outside.asked]).toEqual([0, []]);
    expect(elsewhere.asked).toEqual([]);
    expect(media.asked).not.toContain('GetProfiles');
    expect([locked.probed, streams.probed, flood.probed]).toEqual([1, 1, 1]);
  });
});

describe('the ways of devices', () => {
  test('one that hears the group alone is found by multicast', async () => {
    const hidden = await camera({ address: '127.0.0.1', multicastOnly: true });
    const { found, asked } = await search({ networks: ['127.0.0.1/32'] });
    expect(asked).toBe(1);
    expect(found.map(({ host, problem, sources }) => [host, problem, sources.length])).toEqual([
      ['127.0.0.1', '', 1],
    ]);
    expect(hidden.probed).toBe(1);
    // Where the gateway has no foot, nothing is sent to the group.
    expect((await search({ networks: ['127.0.0.8/29'] })).found).toEqual([]);
    expect(hidden.probed).toBe(1);
  });

  test('https with a certificate of its own is asked; one with IPv6 addresses alone says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mingzao-onvif-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
    const how = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=camera', ...files];
    execFileSync('openssl', ['req', ...how], { cwd: folder, stdio: 'ignore' });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)));
    if (key === undefined || cert === undefined) throw new Error('openssl made none');
    const secure = await camera({ address: '127.0.0.10', tls: { key, cert } });
    const six = await camera({
      address: '127.0.0.11',
      service: (port) => `http://[fd00::17]:${port}/onvif/device_service https://[fe80::1]/onvif`,
    });
    const { found } = await search();
    expect(found.map(({ host, problem, sources }) => [host, problem, sources.length])).toEqual([
      ['127.0.0.10', '', 1],
      ['127.0.0.11', 'ipv6', 0],
    ]);
    expect(secure.asked).toHaveLength(5);
    expect(six.asked).toEqual([]);
  });
});

describe('asked for', () => {
  const api = useApi();
  let operator: Call;
  let kitchen: Kitchen;
  beforeAll(async () => {
    kitchen = await seedKitchen(api().context.db);
    operator = await as(api(), 'searches', 'operator');
  });

  test('only private networks, and not too many addresses; the password is sealed', async () => {
    const ask = (networks: string[]) =>
      operator('POST /camera-searches', {
        merchant: kitchen.merchantCode,
        networks,
        user: 'admin',
        password: 'geheim-77',
      });
    const fieldOf = async (networks: string[]): Promise<string | undefined> =>
      (await ask(networks)).json<{ errors: { field: string }[] }>().errors[0]?.field;
    expect(await fieldOf(['192.168.1.0/24', '8.8.8.8'])).toBe('networks.1');
    expect(await fieldOf(['192.168.0.0/22', '192.168.4.0/22'])).toBe('networks');
    expect((await ask(['fd00::/64'])).body).toContain('only IPv4 networks are searched');
    const made = await ask(['192.168.1.0/24']);
    expect(made.statusCode).toBe(202);
    expect(made.json()).toMatchObject({ state: 'waiting', unheard: false, found: [] });
    const row = await api().context.db.selectFrom('camera_probe').selectAll().executeTakeFirstOrThrow();
    expect(row.question_sealed?.toString('latin1')).not.toContain('geheim-77');
    const log = await api()
      .context.db.selectFrom('history')
      .select(['to_state', 'note'])
      .where('entity', '=', 'camera_probe')
      .execute();
    expect(log).toEqual([{ to_state: 'searched', note: '192.168.1.0/24' }]);
    api().clock.move(20_000);
    expect((await operator(`GET /camera-searches/${row.id}`)).json()).toMatchObject({ unheard: true });
  });

  /** A search that a gateway has answered with these, as the operator gets it. */
  const answered = async (
    found: SearchAnswer['found'],
  ): Promise<{ found: { known: string[]; sources: { known: string[] }[] }[] }> => {
    const asked = await operator('POST /camera-searches', {
      merchant: kitchen.merchantCode,
      networks: ['192.168.7.0/24'],
    });
    const { id } = asked.json<{ id: string }>();
    const { context } = api();
    await answerProbe(context.db, id, { answer: { found, asked: 254 }, picture: null }, context.now());
    return (await operator(`GET /camera-searches/${id}`)).json();
  };
  const add = async (code: string, rtspUrl: string): Promise<void> => {
    const place = { merchant: kitchen.merchantCode, zone: 'z1' };
    const made = await operator('POST /cameras', { code, name: code, ...place, source: 'rtsp', rtspUrl });
    expect(made.statusCode).toBe(201);
  };
  const device = (host: string, channels: string[][] = [['/Streaming/Channels/101']]): FoundCamera => ({
    host,
    name: 'HIKVISION',
    model: '',
    sources: channels.map((paths, i) => ({
      token: `VideoSource_${i + 1}`,
      streams: paths.map((path) => ({
        url: `rtsp://${host}:554${path}`,
        codec: 'h264',
        width: 640,
        height: 360,
      })),
    })),
    problem: '',
  });

  test('a camera of ours is known by its host, with whatever port its address is written', async () => {
    await add('ours-usual', 'rtsp://admin:geheim-77@192.168.7.20:554/Streaming/Channels/101');
    await add('ours-none', 'rtsp://192.168.7.21/Streaming/Channels/101');
    await add('ours-other', 'rtsps://192.168.7.22:10322/Streaming/Channels/101');
    const hosts = ['192.168.7.20', '192.168.7.21', '192.168.7.22', '192.168.7.2'];
    const { found } = await answered(hosts.map((host) => device(host)));
    expect(found.map(({ known }) => known)).toEqual([['ours-usual'], ['ours-none'], ['ours-other'], []]);
    expect(found.map(({ sources }) => sources[0]?.known)).toEqual(found.map(({ known }) => known));
  });

  test('of a recorder each channel of ours is known, and no other', async () => {
    const dahua = (channel: number, subtype: number): string =>
      `/cam/realmonitor?channel=${channel}&subtype=${subtype}&unicast=true&proto=Onvif`;
    const host = '192.168.7.40';
    await add('recorder-1', `rtsp://admin:geheim-77@${host}/cam/realmonitor?channel=1&subtype=0`);
    // Its small stream is its only one.
    await add('recorder-3', `rtsp://${host}:554/cam/realmonitor?channel=3&subtype=1`);
    await add('recorder-old', `rtsp://${host}/live/ch00_0`);
    const { found } = await answered([
      device(
        host,
        [1, 2, 3].map((channel) => [dahua(channel, 0), dahua(channel, 1)]),
      ),
    ]);
    expect(found[0]?.known).toEqual(['recorder-1', 'recorder-3', 'recorder-old']);
    expect(found[0]?.sources.map(({ known }) => known)).toEqual([['recorder-1'], [], ['recorder-3']]);
    expect(JSON.stringify(found)).not.toContain('geheim-77');
  });
});

/** Every change of the registry leaves a row that says who, when and what. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

interface Row {
  entity: string;
  to: string;
  by: { username: string } | null;
  at: string;
  region: string | null;
  changeCount: number;
  changes: {
    entity: string;
    before: Record<string, unknown> | null;
    after: Record<string, unknown> | null;
  }[];
}

const RULE = { kind: 'no_hat', enabled: true, k: 2, n: 5, minDurationS: 5, minSizePx: 40, minScore: 0.5 };
const REST = { mergeWindowMin: 30, dailyCap: 12, hours: 'opening', class: 2 };

/** Made, then changed, then removed where it can be. */
const WRITES: {
  what: string;
  entity: string;
  path: string;
  body: object;
  change?: object;
  field?: string;
}[] = [
  {
    what: 'region',
    entity: 'region',
    path: 'regions',
    body: { code: 'n', parent: 'county', level: 'town', name: 'n' },
    change: { name: 'm' },
    field: 'name',
  },
  {
    what: 'merchant',
    entity: 'merchant',
    path: 'merchants',
    body: { code: 'nm', region: 'east', name: 'n', type: 'canteen' },
    change: { level: 'A' },
    field: 'level',
  },
  {
    what: 'zone',
    entity: 'zone',
    path: 'zones',
    body: { code: 'z', merchant: 'em', kind: 'storage', name: 'n' },
    change: { name: 'm' },
    field: 'name',
  },
  {
    what: 'gateway',
    entity: 'gateway',
    path: 'gateways',
    body: { code: 'g', region: 'east', name: 'n' },
    change: { enabled: false },
    field: 'enabled',
  },
  {
    what: 'camera',
    entity: 'camera',
    path: 'cameras',
    body: {
      code: 'c',
      merchant: 'em',
      zone: 'kitchen',
      name: 'n',
      source: 'rtsp',
      rtspUrl: 'rtsp://u:topsecret@10.0.0.1/x',
    },
    change: { rtspUrl: 'rtsp://u:othersecret@10.0.0.1/x' },
    field: 'rtsp_url_sealed',
  },
  {
    what: 'rule',
    entity: 'rule',
    path: 'rules',
    body: { region: 'east', ...RULE, ...REST },
    change: { k: 3 },
    field: 'k',
  },
  {
    what: 'webhook',
    entity: 'webhook',
    path: 'webhooks',
    body: { region: 'east', name: 'h', url: 'http://platform.test/' },
    change: { secret: `whsec_${'a'.repeat(32)}` },
    field: 'secret_sealed',
  },
];

describe('audit', () => {
  const api = useApi();
  let world: World;
  let admin: Call;
  const audit = async (query: string, call = admin) =>
    (await call(`GET /audit?${query}`)).json<{ items: Row[] }>().items;

  beforeAll(async () => {
    world = await addWorld(api());
    admin = await as(api(), 'admin', 'operator');
  });

  test.each(WRITES)('$what: made, changed, removed', async ({ entity, path, body, change, field = '' }) => {
    const made = await admin(`POST /${path}`, body);
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json<{ id: string }>();
    expect((await admin(`PATCH /${path}/${id}`, change)).statusCode).toBe(200);
    expect((await admin(`DELETE /${path}/${id}`)).statusCode).toBe(204);
    const rows = await audit(`entityId=${id}`);
    expect(rows.map((row) => row.to)).toEqual(['removed', 'changed', 'created']);
    for (const row of rows) {
      expect(row).toMatchObject({ entity, by: { username: 'admin' }, at: api().clock.now().toISOString() });
      expect(row.region).toMatch(/^county\.(east|n)$/);
    }
    expect(Object.keys(rows[1]?.changes[0]?.after ?? {})).toEqual([field]);
    expect(JSON.stringify(rows)).not.toMatch(/topsecret|othersecret|thirty-two/);
  });

  test('a code of a removed camera that comes back', async () => {
    const body = {
      code: 'c',
      merchant: 'em',
      zone: 'kitchen',
      name: 'n',
      source: 'rtsp',
      rtspUrl: 'rtsp://h/x',
    };
    const { id } = (await admin('POST /cameras', body)).json<{ id: string }>();
    expect((await audit(`entityId=${id}&limit=1`))[0]).toMatchObject({ to: 'restored' });
  });

  test('an import is one row with everything that it changed', async () => {
    const merchants = Array.from({ length: 30 }, (_, n) => ({
      code: `imported-${n}`,
      region: 'east',
      name: `n ${n}`,
      type: 'canteen',
    }));
    const first = await admin('POST /import', { merchants });
    expect(first.statusCode, first.body).toBe(200);
    const again = [{ ...merchants[0], name: 'renamed' }, ...merchants.slice(1)];
    await admin('POST /import', { merchants: again });
    await admin('POST /import', { merchants: again });
    await admin('POST /import?dryRun=true', { merchants });
    const rows = await audit('entity=import');
    expect(rows.map((row) => row.changeCount)).toEqual([1, 30]);
    expect(rows[0]?.changes).toMatchObject([
      { entity: 'merchant', before: { name: 'n 0' }, after: { name: 'renamed' } },
    ]);
    const merchant = (await admin('GET /merchants/imported-0')).json<{ id: string }>();
    expect(await audit(`entityId=${merchant.id}`)).toHaveLength(2);
  });

  test('is read within the region, and only by those whose task it is', async () => {
    const east = await as(api(), 'director-east', 'director', { regionId: world.east });
    const west = await as(api(), 'director-west', 'director', { regionId: world.west });
    const inspector = await as(api(), 'inspector', 'inspector');
    const seen = await audit('entity=zone', east);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((row) => row.region === 'county.east')).toBe(true);
    expect(await audit('entity=zone', west)).toEqual([]);
    expect((await inspector('GET /audit')).statusCode).toBe(403);
  });

  test('its chains are whole', async () => {
    expect((await verifyHistory(api().context.db)).faults).toEqual([]);
  });
});

/** design.md, invariant 6: nobody sees or touches what is outside their region or merchant. */
import { beforeAll, describe, expect, test } from 'vitest';
import { as, type Call, useApi } from './support.ts';
import { addFinding, addWorld, type World } from './world.ts';

interface Ids {
  finding: string;
  task: string;
  alert: string;
  rule: string;
}

/** Lists that take ?region=. */
const BY_REGION = ['merchants', 'gateways', 'cameras', 'findings', 'tasks', 'coverage'];

const WHO = ['operator', 'inspector', 'director', 'platform', 'merchant'] as const;

interface ListItem {
  code?: string;
  name?: string;
  username?: string;
  merchant?: { code: string };
  camera?: { code: string };
  webhook?: { name: string };
}

/** What a role gets of a list in its own scope; 403 where the role may not ask at all. */
const LISTS: {
  path: string;
  key: (item: ListItem) => string | undefined;
  east: string;
  may: Record<(typeof WHO)[number], boolean | 403>;
}[] = [
  {
    path: 'regions',
    key: (item) => item.code,
    east: 'east',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: false },
  },
  {
    path: 'merchants',
    key: (item) => item.code,
    east: 'em',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'zones',
    key: (item) => item.merchant?.code,
    east: 'em',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'gateways',
    key: (item) => item.code,
    east: 'em-box',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'cameras',
    key: (item) => item.code,
    east: 'em-cam',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'findings',
    key: (item) => item.camera?.code,
    east: 'em-cam',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: 403 },
  },
  {
    path: 'tasks',
    key: (item) => item.camera?.code,
    east: 'em-cam',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'alerts',
    key: (item) => item.camera?.code,
    east: 'em-cam',
    may: { operator: true, inspector: true, director: true, platform: 403, merchant: true },
  },
  {
    path: 'coverage',
    key: (item) => item.camera?.code,
    east: 'em-cam',
    may: { operator: true, inspector: true, director: true, platform: true, merchant: true },
  },
  {
    path: 'accounts',
    key: (item) => item.username,
    east: 'merchant-east',
    may: { operator: true, inspector: 403, director: 403, platform: 403, merchant: 403 },
  },
  {
    path: 'webhooks',
    key: (item) => item.name,
    east: 'hook east',
    may: { operator: true, inspector: 403, director: 403, platform: 403, merchant: 403 },
  },
  {
    path: 'outbox',
    key: (item) => item.webhook?.name,
    east: 'hook east',
    may: { operator: true, inspector: 403, director: 403, platform: 403, merchant: 403 },
  },
];

describe('scope', () => {
  const api = useApi();
  let world: World;
  const calls = new Map<string, Call>();
  const ids: Record<'east' | 'west', Ids> = {
    east: { finding: '', task: '', alert: '', rule: '' },
    west: { finding: '', task: '', alert: '', rule: '' },
  };
  const call = (name: string): Call => {
    const found = calls.get(name);
    if (found === undefined) throw new Error(name);
    return found;
  };

  beforeAll(async () => {
    world = await addWorld(api());
    const admin = await as(api(), 'admin', 'operator');
    calls.set('admin', admin);
    for (const [side, camera, region] of [
      ['east', world.eastCamera, 'east'],
      ['west', world.westCamera, 'east-west'],
    ] as const) {
      await admin('POST /webhooks', { name: `hook ${side}`, url: 'http://platform.test/', region });
      const rule = await admin('POST /rules', {
        region,
        kind: 'no_hat',
        enabled: true,
        k: 2,
        n: 5,
        minDurationS: 5,
        minSizePx: 40,
        minScore: 0.5,
        mergeWindowMin: 30,
        dailyCap: 12,
        hours: 'opening',
        class: 2,
      });
      const finding = await addFinding(api(), camera, api().clock.now());
      const confirmed = await admin(`POST /findings/${finding}/confirm`);
      const alerts = (await admin('GET /alerts?audience=inspector')).json<{
        items: { id: string; findingId: string }[];
      }>();
      ids[side] = {
        finding,
        task: confirmed.json<{ taskId: string }>().taskId,
        alert: alerts.items.find((alert) => alert.findingId === finding)?.id ?? '',
        rule: rule.json<{ id: string }>().id,
      };
    }
    for (const role of WHO) {
      const scope = role === 'merchant' ? { merchantId: world.eastMerchant } : { regionId: world.east };
      calls.set(role, await as(api(), `${role}-east`, role, scope));
    }
    await as(api(), 'operator-west', 'operator', { regionId: world.west });
  });

  describe.each(LISTS)('GET /$path', ({ path, key, east, may }) => {
    test.each(WHO)('%s', async (role) => {
      const answer = await call(role)(`GET /${path}?limit=200`);
      const expected = may[role];
      if (expected === 403) return expect(answer.statusCode).toBe(403);
      expect(answer.statusCode).toBe(200);
      const items = answer.json<{ items: ListItem[] }>().items.map(key);
      if (expected) expect(items).toContain(east);
      else expect(items).toEqual([]);
      expect(items.filter((name) => /west|wm|^county$|^admin$/.test(name ?? ''))).toEqual([]);
    });

    test('one for all regions sees both', async () => {
      const answer = await call('admin')(`GET /${path}?limit=200`);
      const items = answer.json<{ items: ListItem[] }>().items.map(key);
      expect(items).toContain(east);
      expect(items.some((name) => /west|wm/.test(name ?? ''))).toBe(true);
    });
  });

  test.each(LISTS.filter(({ path }) => BY_REGION.includes(path)))(
    'GET /$path?region= keeps to that region and those below it',
    async ({ path, key, east }) => {
      const of = async (region: string) => {
        const answer = await call('admin')(`GET /${path}?limit=200&region=${region}`);
        return answer.json<{ items: ListItem[] }>().items.map(key);
      };
      expect(await of('east')).toEqual([east]);
      expect(await of('county')).toHaveLength(2);
      expect(await of('nowhere')).toEqual([]);
    },
  );

  const singles = (side: 'east' | 'west') => {
    const [merchant, region] = side === 'east' ? ['em', 'east'] : ['wm', 'east-west'];
    return [
      `GET /regions/${region}`,
      `GET /merchants/${merchant}`,
      `GET /gateways/${merchant}-box`,
      `GET /cameras/${merchant}-cam`,
      `GET /findings/${ids[side].finding}`,
      `GET /tasks/${ids[side].task}`,
      `GET /rules/${ids[side].rule}`,
    ];
  };

  test('one thing inside the scope is found, the same outside is not there', async () => {
    for (const role of ['operator', 'inspector', 'director', 'platform'] as const) {
      for (const path of singles('east'))
        expect([role, path, (await call(role)(path)).statusCode]).toEqual([role, path, 200]);
      for (const path of singles('west'))
        expect([role, path, (await call(role)(path)).statusCode]).toEqual([role, path, 404]);
    }
    for (const path of singles('west'))
      expect([403, 404]).toContain((await call('merchant')(path)).statusCode);
  });

  test('a missing thing and one outside the scope get the same answer', async () => {
    const outside = await call('operator')('GET /cameras/wm-cam');
    const missing = await call('operator')('GET /cameras/never-was');
    expect(outside.json()).toEqual(missing.json());
  });

  test('writes outside the scope are refused, whoever the role', async () => {
    const zone = { merchant: 'wm', code: 'x', kind: 'cooking', name: 'x' };
    const attempts: [string, unknown][] = [
      ['POST /merchants', { code: 'new', region: 'east-west', name: 'x', type: 'restaurant' }],
      ['POST /zones', zone],
      ['POST /gateways', { code: 'new', region: 'east-west', name: 'x' }],
      [
        'POST /cameras',
        { code: 'new', merchant: 'wm', zone: 'kitchen', name: 'x', source: 'rtsp', rtspUrl: 'rtsp://x/1' },
      ],
      ['POST /regions', { code: 'new', parent: 'county', level: 'town', name: 'x' }],
      ['POST /regions', { code: 'new', level: 'county', name: 'x' }],
      ['PATCH /merchants/wm', { name: 'x' }],
      ['PATCH /cameras/wm-cam', { name: 'x' }],
      ['DELETE /cameras/wm-cam', undefined],
      ['POST /gateways/wm-box/secret', undefined],
      [`PATCH /rules/${ids.west.rule}`, { k: 1 }],
      [`POST /findings/${ids.west.finding}/confirm`, undefined],
      [`POST /findings/${ids.west.finding}/dismiss`, { reason: 'wearing_it' }],
      [`POST /alerts/${ids.west.alert}/acknowledge`, undefined],
      ['POST /accounts', { username: 'x', password: 'long enough', role: 'inspector' }],
      ['POST /accounts', { username: 'x', password: 'long enough', role: 'inspector', region: 'county' }],
      ['POST /accounts', { username: 'x', password: 'long enough', role: 'merchant', merchant: 'wm' }],
      ['POST /webhooks', { name: 'x', url: 'http://x.test/' }],
      ['POST /import', { merchants: [{ code: 'wm', region: 'east', name: 'stolen', type: 'restaurant' }] }],
      ['POST /import', { zones: [zone] }],
    ];
    for (const [what, body] of attempts) {
      for (const role of WHO) {
        const { statusCode } = await call(role)(what, body);
        expect([what, role, statusCode >= 400 && statusCode < 500]).toEqual([what, role, true]);
      }
    }
    const { db } = api().context;
    const untouched = await db
      .selectFrom('camera')
      .selectAll()
      .where('id', '=', world.westCamera)
      .executeTakeFirstOrThrow();
    expect(untouched).toMatchObject({ name: 'camera wm', removed_at: null });
    expect(await db.selectFrom('merchant').select('code').where('code', '=', 'new').execute()).toEqual([]);
    expect(await db.selectFrom('account').select('id').where('username', '=', 'x').execute()).toEqual([]);
  });

  test('only operators write the registry, only operators and inspectors judge, in their own scope', async () => {
    for (const role of WHO) {
      const write = await call(role)('PATCH /merchants/em', { name: 'merchant em' });
      expect([role, write.statusCode]).toEqual([role, role === 'operator' ? 200 : 403]);
      const judge = await call(role)(`POST /findings/${ids.east.finding}/confirm`);
      expect([role, judge.statusCode]).toEqual([role, ['operator', 'inspector'].includes(role) ? 200 : 403]);
    }
  });

  test('a merchant sees its own alerts only, not those of inspectors', async () => {
    const { items } = (await call('merchant')('GET /alerts')).json<{ items: { audience: string }[] }>();
    expect(items.map((alert) => alert.audience)).toEqual(['merchant']);
    expect((await call('merchant')(`POST /alerts/${ids.east.alert}/acknowledge`)).statusCode).toBe(404);
  });

  test('rules that are in force from above are seen, and changed only by one who has all it applies to', async () => {
    const { items } = (await call('operator')('GET /rules')).json<{
      items: { id: string; region: unknown }[];
    }>();
    const everywhere = items.find((rule) => rule.region === null);
    expect(everywhere).toBeDefined();
    expect((await call('operator')(`PATCH /rules/${everywhere?.id}`, { k: 1 })).statusCode).toBe(403);
    expect((await call('operator')(`PATCH /rules/${ids.east.rule}`, { k: 1 })).statusCode).toBe(200);
    expect((await call('admin')(`PATCH /rules/${everywhere?.id}`, { k: 2 })).statusCode).toBe(200);
  });

  test('every route needs somebody to be signed in', async () => {
    const document = api().app.swagger() as {
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    const open: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        if (!path.startsWith('/api/v1')) continue;
        const url = path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
        const answer = await api().app.inject({ method: method.toUpperCase() as 'GET', url });
        if (answer.statusCode !== 401) open.push(`${method} ${path}`);
        expect(operation).toBeDefined();
      }
    }
    expect(open.sort()).toEqual([
      'get /api/v1/event-schemas',
      'get /api/v1/event-schemas/{type}',
      'get /api/v1/evidence-keys',
      // a region chooses what is in them
      ...['requests.json', 'requests.xml', 'requests/{id}.json', 'requests/{id}.xml'].map(
        (name) => `get /api/v1/open311/v2/${name}`,
      ),
      'get /api/v1/open311/v2/services.json',
      'get /api/v1/open311/v2/services.xml',
      'get /api/v1/public/kitchens',
      'get /api/v1/public/kitchens/{code}',
      // by a signed address
      'get /api/v1/public/pictures/{id}',
      'get /api/v1/public/tips/{code}',
      // boxes bring their gateway's own credentials
      'post /api/v1/edge/intake/{format}',
      'post /api/v1/public/tips',
      'post /api/v1/session',
    ]);
  });
});

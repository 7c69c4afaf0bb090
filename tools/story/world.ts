/** The story's own town: three kitchens, their people, the office, a policy that counts in seconds. */
import { randomBytes } from 'node:crypto';
import { type Person, signIn } from './client.ts';
import type { Teller } from './teller.ts';

export interface StoryWorld {
  region: string;
  gateway: { username: string; password: string; prefix: string };
  mqttUrl: string;
  /** In the order of the three stories. */
  kitchens: { merchant: string; name: string; camera: string; owner: Person }[];
  /** Food-safety officer of the first kitchen. */
  officer: Person;
  inspector: Person;
  director: Person;
}

/** Seconds. The real delayed jobs fire: nothing but the limits is shorter than in a county. */
export const DRILL = { acknowledgeS: 12, stepS: 3, submitS: 240, recheckS: 72, mergeS: 60 };

const NAMES = ['第一小学食堂', '老王面馆', '东街火锅店'];

/** @param tag makes codes and user names of this story its own where others were told before; may be empty */
export async function makeWorld(
  baseUrl: string,
  admin: Person,
  tag: string,
  teller: Teller,
): Promise<StoryWorld> {
  const code = (name: string): string => (tag === '' ? name : `${name}-${tag}`);
  const region = code('story-town');
  const merchants = NAMES.map((name, i) => ({ code: code(`kitchen-${i + 1}`), name }));
  teller.step(
    'The operator enters a town with three kitchens, a camera in each, and one box that sends pictures.',
  );
  await teller.does(admin, 'POST', '/import', {
    regions: [
      { code: code('story'), level: 'county', name: '演练县' },
      { code: region, parent: code('story'), level: 'town', name: '演练镇' },
    ],
    merchants: merchants.map((one) => ({ ...one, region, type: 'restaurant' })),
    zones: merchants.map((one) => ({ merchant: one.code, code: 'cooking', kind: 'cooking', name: '后厨' })),
    gateways: [{ code: code('story-box'), region, name: '演练网关' }],
    cameras: merchants.map((one) => ({
      code: `${one.code}-stove`,
      name: '灶台',
      merchant: one.code,
      zone: 'cooking',
      source: 'mqtt',
      gateway: code('story-box'),
      lookIntervalS: 10,
      approvedElsewhere: true,
    })),
  });
  const rules = await admin.call<{ items: Record<string, unknown>[] }>('GET', '/rules?limit=100');
  const rule = rules.body.items.find((one) => one.kind === 'no_hat' && one.region === null);
  if (rule === undefined) throw new Error('there is no rule for no_hat');
  const { id: _, zoneKind: __, region: ___, ...values } = rule;
  await teller.does(admin, 'POST', '/rules', {
    ...values,
    region,
    mergeWindowMin: DRILL.mergeS / 60,
    hours: 'always',
  });

  teller.step(
    'The director sets a policy for that town alone: a drill, whose limits are seconds instead of hours.',
  );
  const chain = (['food_safety_officer', 'inspector', 'station_head', 'director'] as const).map((to, i) => ({
    to,
    delayMin: i < 2 ? (i * DRILL.stepS) / 60 : 60,
    document: null,
  }));
  const limits = {
    acknowledgeMin: DRILL.acknowledgeS / 60,
    submitMin: DRILL.submitS / 60,
    recheckMin: DRILL.recheckS / 60,
    counting: 'calendar',
  };
  const account = people(baseUrl, admin, code);
  const director = await account('director', { region });
  const said = await director.call<{ newest: number | null }>('GET', `/policies/inherited?region=${region}`);
  await teller.does(director, 'POST', '/policies', {
    region,
    after: said.body.newest,
    note: '演练',
    document: {
      classes: { no_hat: 2 },
      limits: { 2: limits },
      escalation: { 2: chain },
      recheck: { lookIntervalS: 10, observedHours: { 2: 0.019 }, prolongMin: 0.25, mostProlongations: 30 },
    },
  });
  teller.note(
    `acknowledge within ${DRILL.acknowledgeS} s, put right within ${DRILL.submitS} s, watched again for ${DRILL.recheckS} s`,
  );
  const kitchens: StoryWorld['kitchens'] = [];
  for (const [i, { code: merchant, name }] of merchants.entries()) {
    const owner = await account('merchant', { merchant }, `owner-${i + 1}`);
    kitchens.push({ merchant, name, camera: `${merchant}-stove`, owner });
  }
  const box = await admin.call<{ id: string; code: string; topicPrefix: string }>(
    'GET',
    `/gateways/${code('story-box')}`,
  );
  const secret = await admin.call<{ password: string; mqttUrl: string }>(
    'POST',
    `/gateways/${box.body.id}/secret`,
  );
  return {
    region,
    gateway: { username: box.body.code, password: secret.body.password, prefix: box.body.topicPrefix },
    mqttUrl: secret.body.mqttUrl,
    kitchens,
    officer: await account('food_safety_officer', { merchant: merchants[0]?.code ?? '' }, 'officer-1'),
    inspector: await account('inspector', { region }),
    director,
  };
}

/** Makes accounts and signs each in. */
function people(baseUrl: string, admin: Person, code: (name: string) => string) {
  return async (role: string, scope: Record<string, string>, name = role): Promise<Person> => {
    const username = code(name.replaceAll('_', '-'));
    const password = randomBytes(12).toString('base64url');
    await admin.call('POST', '/accounts', {
      username,
      password,
      role,
      displayName: username,
      mustChangePassword: false,
      ...scope,
    });
    return await signIn(baseUrl, username, password);
  };
}

/** The load: findings reported and judged, tasks answered and decided, by many people at once. */
import { randomUUID } from 'node:crypto';
import { openKitchens } from '../../../tools/story/kitchens.ts';
import { order, signIn, type Tally, type Tireless } from './people.ts';
import type { LoopSystem } from './system.ts';

const MERCHANTS = 4;
/** Of them with a camera that shows bare heads. */
const WITH_CAMERA = 1;
const CASES_EVERY_MS = 700;
const JUDGE_EVERY_MS = 2_000;
/** Share of what cameras found that is confirmed. */
const CONFIRMED = 0.6;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export interface Load {
  tally: Tally;
  /** Keys of reports that were answered. */
  reports: string[];
  /** Starts no new case; resolves when every one under way is at its end. */
  finish(): Promise<void>;
  /** Judges what cameras found since: a finding that waits keeps the rechecks of its place open. */
  judge(): Promise<void>;
}

interface World {
  inspector: Tireless;
  merchants: { code: string; owner: Tireless }[];
}

/** @param random 0 ≤ random < 1, the same row for the same seed */
export async function startLoad(
  system: LoopSystem,
  webhook: { url: string; secret: string },
  random: () => number,
): Promise<Load> {
  const tally: Tally = { requests: 0, unanswered: 0, repeated: 0, done: [] };
  const { world, stop } = await makeWorld(system, webhook, tally);
  const reports: string[] = [];
  let stopped = false;
  const under = new Set<Promise<void>>();
  const failed: Error[] = [];
  const begin = (work: Promise<void>): void => {
    const one = work.catch((error: Error) => void failed.push(error)).finally(() => under.delete(one));
    under.add(one);
  };
  begin(
    (async () => {
      for (let n = 0; !stopped; n += 1) {
        const merchant = world.merchants[n % MERCHANTS];
        if (merchant !== undefined) begin(liveCase(world, merchant, tally, reports, random));
        await pause(CASES_EVERY_MS);
      }
    })(),
  );
  begin(
    (async () => {
      while (!stopped) {
        await judgeAlarms(world, random);
        await pause(JUDGE_EVERY_MS);
      }
    })(),
  );
  return {
    tally,
    reports,
    judge: () => judgeAlarms(world, random),
    async finish() {
      stopped = true;
      while (under.size > 0) await Promise.all(under);
      await stop();
      if (failed.length > 0)
        throw new AggregateError(failed, failed.map(({ message }) => message).join('\n'));
    },
  };
}

async function makeWorld(system: LoopSystem, webhook: { url: string; secret: string }, tally: Tally) {
  const as = (username: string, password: string) => signIn(system.baseUrl, tally, username, password);
  const admin = await as('admin', system.password);
  const codes = Array.from({ length: MERCHANTS }, (_, i) => `m-${i + 1}`);
  const must = async (path: string, body: unknown): Promise<unknown> => {
    const { status, body: answer } = await admin.post(path, body);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await must('/webhooks', { name: 'platform', url: webhook.url, secret: `whsec_${webhook.secret}` });
  const cameras = codes.slice(0, WITH_CAMERA).map((merchant) => `${merchant}-stove`);
  await must('/import', {
    regions: [{ code: 'county', level: 'county', name: '县' }],
    merchants: codes.map((code) => ({ code, region: 'county', name: code, type: 'restaurant' })),
    zones: codes.map((merchant) => ({ merchant, code: 'cooking', kind: 'cooking', name: '后厨' })),
    gateways: [{ code: 'box', region: 'county', name: 'box' }],
    cameras: codes.slice(0, WITH_CAMERA).map((merchant) => ({
      code: `${merchant}-stove`,
      name: '灶台',
      merchant,
      zone: 'cooking',
      source: 'mqtt',
      gateway: 'box',
      lookIntervalS: 5,
      approvedElsewhere: true,
    })),
  });
  const { items } = await admin.get<{ items: Record<string, unknown>[] }>('/rules?limit=100');
  const rule = items.find((one) => one.kind === 'no_hat' && one.region === null) ?? {};
  const { id: _, zoneKind: __, region: ___, ...values } = rule;
  await must('/rules', { ...values, region: 'county', mergeWindowMin: 1, hours: 'always' });
  await must('/policies', {
    region: 'county',
    after: null,
    document: {
      classes: { no_hat: 2 },
      limits: { 2: { acknowledgeMin: 0.05, submitMin: 0.5, recheckMin: 0.2 } },
      escalation: {
        2: [
          { to: 'food_safety_officer', delayMin: 0, document: null },
          { to: 'inspector', delayMin: 0.05, document: null },
          { to: 'station_head', delayMin: 600, document: null },
        ],
      },
      recheck: { observedHours: { 2: 0 }, prolongMin: 0.1, mostProlongations: 3 },
    },
  });
  const account = async (username: string, scope: object): Promise<Tireless> => {
    const password = randomUUID();
    await must('/accounts', {
      username,
      password,
      displayName: username,
      mustChangePassword: false,
      ...scope,
    });
    return await as(username, password);
  };
  const inspector = await account('inspector', { role: 'inspector', region: 'county' });
  const merchants: World['merchants'] = [];
  for (const code of codes)
    merchants.push({ code, owner: await account(`owner-${code}`, { role: 'merchant', merchant: code }) });
  const box = (await must('/gateways/box/secret', undefined)) as {
    password: string;
    mqttUrl: string;
    topicPrefix: string;
  };
  const kitchens = await openKitchens({
    mqttUrl: box.mqttUrl,
    username: 'box',
    password: box.password,
    prefix: box.topicPrefix,
    cameras,
  });
  return { world: { inspector, merchants }, stop: () => kitchens.stop() };
}

interface Finding {
  id: string;
  version: number;
  source: string;
  task: { id: string } | null;
}

/** One finding from its report to the end of its task, in one of several ways. */
async function liveCase(
  { inspector }: World,
  merchant: World['merchants'][number],
  tally: Tally,
  reports: string[],
  random: () => number,
): Promise<void> {
  const [verdict, way, again] = [random(), random(), random()];
  const key = randomUUID();
  const report = {
    source: 'online_inspection',
    kind: 'no_hat',
    merchant: merchant.code,
    zone: 'cooking',
    text: key,
  };
  const reported = await inspector.post<{ repeated: boolean; finding: Finding }>('/findings', report, key);
  if (reported.status !== 201) throw new Error(`report: ${reported.status} ${JSON.stringify(reported.body)}`);
  if (reported.body.repeated) tally.repeated += 1;
  reports.push(key);
  const { id, version } = reported.body.finding;
  const judged = await judge(inspector, [
    verdict < 0.15
      ? { id, version, verdict: 'dismiss', reason: 'not_staff' }
      : { id, version, verdict: 'confirm' },
  ]);
  if (judged.some(({ done }) => !done)) throw new Error(`verdict: ${JSON.stringify(judged)}`);
  if (verdict < 0.15) return;
  const task = await issued(inspector, id);
  const give = async (who: Tireless, command: string, body?: object): Promise<boolean> =>
    await order(who, tally, task, command, body);
  if (way < 0.1) return void (await give(inspector, 'withdraw', { note: 'w' }));
  if (way < 0.3) {
    if (!(await give(merchant.owner, 'appeal', { text: 'a' }))) return;
    const decision = again < 0.5 ? 'uphold' : 'reject';
    await give(inspector, 'decide-appeal', { decision, note: 'd' });
    if (decision === 'uphold') return;
  }
  // Some wait until the delayed jobs have told everybody.
  if (way > 0.6) await pause(4_000);
  await give(merchant.owner, 'acknowledge');
  await give(merchant.owner, 'submit', { text: 's' });
  if (again < 0.4) {
    await give(inspector, 'return', { note: 'r' });
    await give(merchant.owner, 'submit', { text: 's' });
  }
  await give(inspector, 'close', { note: 'c' });
}

async function issued(inspector: Tireless, finding: string): Promise<string> {
  for (;;) {
    const { task } = await inspector.get<Finding>(`/findings/${finding}`);
    if (task !== null) return task.id;
    await pause(500);
  }
}

type Verdict = { id: string; version: number; verdict: string; reason?: string };

/** Verdicts in one request; one that failed for an outage is asked again with the same key. */
async function judge(
  inspector: Tireless,
  items: Verdict[],
): Promise<{ done: boolean; why: string | null }[]> {
  const key = randomUUID();
  for (;;) {
    const { status, body } = await inspector.post<{ items: { done: boolean; why: string | null }[] }>(
      '/findings/verdicts',
      { items },
      key,
    );
    if (status !== 200) throw new Error(`verdicts: ${status} ${JSON.stringify(body)}`);
    if (!body.items.some(({ why }) => why === 'failed')) return body.items;
    await pause(250);
  }
}

/** What the cameras found is judged too; a finding that grew meanwhile is judged in the next round. */
async function judgeAlarms({ inspector }: World, random: () => number): Promise<void> {
  const { items } = await inspector.get<{ items: Finding[] }>('/findings?state=pending_review&limit=50');
  const alarms = items
    .filter(({ source }) => source === 'model')
    .map(
      ({ id, version }): Verdict =>
        random() < CONFIRMED
          ? { id, version, verdict: 'confirm' }
          : { id, version, verdict: 'dismiss', reason: 'unclear_picture' },
    );
  if (alarms.length > 0) await judge(inspector, alarms);
}

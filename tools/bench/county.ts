import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { readConfig } from '../../services/config/config.ts';
import { type Database, openDatabase } from '../../services/db/database.ts';
import { createRandom } from '../county-year/random.ts';
import { ownDatabase } from '../lib/own-database.ts';
import { type Person, signIn } from '../story/client.ts';
import { startOwnSystem } from '../story/system.ts';
import { type Box, type CountyBoxes, openCountyBoxes, type Sent } from './county-boxes.ts';
import { type ProcessCosts, readProcessCosts } from './process-cost.ts';

/** Cameras of one entry of the registry's import. */
const IMPORT_AT_ONCE = 400;
const CODE = 'bench-county';

/**
 * `npm run -s bench -- county [--cameras 2600] [--merchants 1600] [--boxes 200] [--every 30] [--moving 0.4] [--bursts 0.02] [--minutes 3]`:
 * a whole system under the load of a county, over its own broker, with this process as all the boxes. First a tenth of the cameras, then
 * all: what all cost is shown as a ratio to ten times the tenth.
 */
export async function benchCounty(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cameras: { type: 'string', default: '2600' },
      merchants: { type: 'string', default: '1600' },
      boxes: { type: 'string', default: '200' },
      every: { type: 'string', default: '30' },
      moving: { type: 'string', default: '0.4' },
      bursts: { type: 'string', default: '0.02' },
      minutes: { type: 'string', default: '3' },
    },
  });
  const [cameras, merchants, boxes] = [
    Number(values.cameras),
    Number(values.merchants),
    Number(values.boxes),
  ];
  const traffic = {
    everyS: Number(values.every),
    moving: Number(values.moving),
    bursts: Number(values.bursts),
  };
  const seconds = Number(values.minutes) * 60;
  const system = await startOwnSystem({ workers: cpus().length });
  const { db, close } = openDatabase(await ownDatabase(readConfig({ MINGZAO_DATA_DIR: system.folder })), {
    max: 2,
    name: 'mingzao bench',
  });
  try {
    const admin = await signIn(system.baseUrl, 'admin', system.password);
    const county = await makeCounty(admin, { cameras, merchants, boxes });
    say(
      `${merchants} merchants, ${cameras} cameras of 640×360 behind ${boxes} boxes, a look every ${values.every} s each;`,
    );
    say(
      `${percent(traffic.moving)} of the looks with people at work, ${percent(traffic.bursts)} bursts of five frames`,
    );
    const measured = async (share: number): Promise<Window> => {
      const some = county.boxes.slice(0, Math.max(1, Math.round(county.boxes.length * share)));
      const opened = await openCountyBoxes(county.mqttUrl, some, traffic, createRandom(1).next);
      try {
        // Every camera has sent its first picture, which is always looked at.
        await pause(1000 * Math.min(seconds, traffic.everyS * 1.5));
        return await watch({ db, folder: system.folder, opened, seconds });
      } finally {
        await opened.stop();
      }
    };
    const tenth = await measured(0.1);
    print(`a tenth (${percent(0.1)})`, tenth);
    const whole = await measured(1);
    print('the whole county', whole);
    const tenTimes = tenth.cores * (whole.sent.looks / Math.max(1, tenth.sent.looks));
    say(
      `\ncores: ${whole.cores.toFixed(2)} of ${cpus().length}; ${(whole.cores / tenTimes).toFixed(2)} times what as many looks cost in the tenth`,
    );
  } finally {
    await close();
    await system.stop();
  }
}

interface Window {
  seconds: number;
  sent: Sent;
  outcomes: Record<string, number>;
  unchanged: number;
  /** Messages that the gateway could not use: none, unless something is wrong. */
  refused: number;
  /** Looks accepted and without an outcome at the end. */
  waiting: number;
  /** Seconds from acceptance to the outcome, at the median and the 95th percentile. */
  decidedS: { p50: number; p95: number };
  costs: { name: string; cores: number; memoryMb: number }[];
  cores: number;
}

async function watch(options: {
  db: Database;
  folder: string;
  opened: CountyBoxes;
  seconds: number;
}): Promise<Window> {
  const { db, folder, opened, seconds } = options;
  opened.take();
  const refusedBefore = await refusals(db);
  const [before, from, began] = [readProcessCosts(folder), new Date(), performance.now()];
  await pause(seconds * 1000);
  const [after, lasted] = [readProcessCosts(folder), (performance.now() - began) / 1000];
  const sent = opened.take();
  const { rows } = await sql<{ outcome: string | null; n: string }>`
    select outcome, count(*) as n from look where accepted_at >= ${from} group by 1
  `.execute(db);
  const {
    rows: [times],
  } = await sql<{ p50: number | null; p95: number | null }>`
    select percentile_cont(0.5) within group (order by extract(epoch from decided_at - accepted_at))::float8 as p50,
           percentile_cont(0.95) within group (order by extract(epoch from decided_at - accepted_at))::float8 as p95
    from look where accepted_at >= ${from} and decided_at is not null
  `.execute(db);
  const refused = (await refusals(db)) - refusedBefore;
  const outcomes = Object.fromEntries(rows.map(({ outcome, n }) => [outcome ?? 'waiting', Number(n)]));
  const accepted = rows.reduce((sum, { n }) => sum + Number(n), 0);
  const costs = spent(before, after, lasted);
  return {
    seconds: lasted,
    sent,
    outcomes,
    refused,
    unchanged: Math.max(0, sent.looks - accepted - sent.open - refused),
    waiting: outcomes.waiting ?? 0,
    decidedS: { p50: times?.p50 ?? Number.NaN, p95: times?.p95 ?? Number.NaN },
    costs,
    cores: costs.reduce((sum, { cores }) => sum + cores, 0),
  };
}

async function refusals(db: Database): Promise<number> {
  const { n } = await db
    .selectFrom('gateway_refusal')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<string>('count'), eb.lit(0)).as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

function spent(before: ProcessCosts, after: ProcessCosts, seconds: number): Window['costs'] {
  return [...after].map(([name, { cpuMs, memoryMb }]) => ({
    name,
    cores: (cpuMs - (before.get(name)?.cpuMs ?? 0)) / 1000 / seconds,
    memoryMb,
  }));
}

function print(title: string, window: Window): void {
  const { sent, outcomes, unchanged, refused, decidedS, costs, cores, seconds } = window;
  say(`\n${title}, ${seconds.toFixed(0)} s`);
  say(
    `  sent ${sent.looks} looks (${(sent.looks / seconds).toFixed(1)}/s, ${((sent.bytes * 8) / 1e6 / seconds).toFixed(1)} Mbit/s); ` +
      `acknowledged p50 ${at(sent.acknowledgedMs, 0.5)} ms, p95 ${at(sent.acknowledgedMs, 0.95)} ms, not yet ${sent.open}`,
  );
  const ends = Object.entries(outcomes).map(([name, n]) => `${name} ${n}`);
  say(`  ${unchanged} unchanged (stopped at the gate); ${ends.join(', ')}; ${refused} refused`);
  say(`  from acceptance to the outcome: p50 ${decidedS.p50.toFixed(2)} s, p95 ${decidedS.p95.toFixed(2)} s`);
  for (const one of costs)
    say(`  ${one.name.padEnd(12)} ${one.cores.toFixed(3)} cores  ${one.memoryMb.toFixed(0).padStart(5)} MB`);
  const memory = costs.reduce((sum, { memoryMb }) => sum + memoryMb, 0);
  say(`  ${'all'.padEnd(12)} ${cores.toFixed(3)} cores  ${memory.toFixed(0).padStart(5)} MB`);
}

async function makeCounty(
  admin: Person,
  size: { cameras: number; merchants: number; boxes: number },
): Promise<{ boxes: Box[]; mqttUrl: string }> {
  const merchants = Array.from({ length: size.merchants }, (_, i) => `bm-${i + 1}`);
  const gateways = Array.from({ length: size.boxes }, (_, i) => `bb-${i + 1}`);
  const passwords = new Map<string, string>();
  const bring = async (document: object): Promise<void> => {
    type Imported = { secrets: { username: string; password: string }[] };
    const { body } = await admin.call<Imported>('POST', '/import', document);
    for (const { username, password } of body.secrets) passwords.set(username, password);
  };
  await bring({ regions: [{ code: CODE, level: 'county', name: 'county' }] });
  for (const part of parts(merchants, IMPORT_AT_ONCE))
    await bring({
      merchants: part.map((code) => ({ code, region: CODE, name: code, type: 'restaurant' })),
      zones: part.map((merchant) => ({ merchant, code: 'cooking', kind: 'cooking', name: 'cooking' })),
    });
  for (const part of parts(gateways, IMPORT_AT_ONCE))
    await bring({ gateways: part.map((code) => ({ code, region: CODE, name: code })) });
  const boxes = gateways.map((username): Box => ({ username, password: '', prefix: '', cameras: [] }));
  const cameras = Array.from({ length: size.cameras }, (_, i) => {
    const box = boxes[i % boxes.length];
    const code = `bc-${i + 1}`;
    box?.cameras.push(code);
    return {
      code,
      name: code,
      merchant: merchants[i % merchants.length],
      zone: 'cooking',
      source: 'mqtt',
      gateway: box?.username,
      lookIntervalS: 30,
      approvedElsewhere: true,
    };
  });
  for (const part of parts(cameras, IMPORT_AT_ONCE)) await bring({ cameras: part });
  for (const box of boxes) {
    box.password = passwords.get(box.username) ?? '';
    box.prefix = `mk/v1/${CODE}/_/${box.username}`;
  }
  // The address of the broker is told with a password only.
  const [first] = boxes;
  if (first === undefined) throw new Error('--boxes must be at least 1');
  const { body } = await admin.call<{ mqttUrl: string; password: string }>(
    'POST',
    `/gateways/${first.username}/secret`,
  );
  first.password = body.password;
  return { boxes, mqttUrl: body.mqttUrl };
}

function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

function at(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0);
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../demo/platform.ts';
import { tellCaseFile } from './case-file.ts';
import { type Person, signIn } from './client.ts';
import { openKitchens } from './kitchens.ts';
import { type StoryResult, summaryOf } from './summary.ts';
import { startOwnSystem } from './system.ts';
import { tellTale } from './tale.ts';
import { createTeller, type Teller } from './teller.ts';
import { makeWorld } from './world.ts';

export interface StoryOptions {
  /** A system that runs already; undefined: one of the story's own. */
  target?: { baseUrl: string; username: string; password: string };
  /** Where case files are put. */
  out: string | undefined;
  write: (line: string) => void;
}

export async function runStory(options: StoryOptions): Promise<StoryResult> {
  const teller = createTeller(options.write);
  const stops: (() => unknown)[] = [];
  try {
    if (options.target !== undefined) {
      const { baseUrl, username, password } = options.target;
      teller.step(`The story is told to the system at ${baseUrl}.`);
      return await tell(options, teller, baseUrl, await signIn(baseUrl, username, password), stops);
    }
    teller.step('A system starts in an empty folder: PostgreSQL, broker, gateway, workers, API.');
    const own = await startOwnSystem();
    stops.push(() => own.stop());
    teller.note(`it is ready at ${own.baseUrl}`);
    return await tell(options, teller, own.baseUrl, await signIn(own.baseUrl, 'admin', own.password), stops);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function tell(
  options: StoryOptions,
  teller: Teller,
  baseUrl: string,
  admin: Person,
  stops: (() => unknown)[],
): Promise<StoryResult> {
  const tag = options.target === undefined ? '' : randomBytes(3).toString('hex');
  const heard = options.target === undefined ? await listenAsPlatform(teller, admin, stops) : null;
  const world = await makeWorld(baseUrl, admin, tag, teller);
  const kitchens = await openKitchens({
    mqttUrl: world.mqttUrl,
    ...world.gateway,
    cameras: world.kitchens.map(({ camera }) => camera),
  });
  stops.push(() => kitchens.stop());

  const tasks = await tellTale({ teller, world, kitchens });
  const [first] = tasks;
  if (first === undefined) throw new Error('no story');
  const folder = options.out ?? (await mkdtemp(join(tmpdir(), 'mingzao-case-')));
  const file = await tellCaseFile(teller, world.inspector, first.task, folder);

  teller.step('Every row of history covers the one before it. All chains are walked.');
  const history = await teller.does<StoryResult['history']>(admin, 'POST', '/history-checks', undefined, {
    state: ({ rows, faultCount }) => `${rows} rows, ${faultCount} altered`,
  });
  const ended = tasks.every((one) => one.ended === one.wanted || one.states.includes(one.wanted));
  const result = {
    tasks,
    file,
    history,
    platform: heard,
    right: ended && file.whole && file.named && history.faultCount === 0,
  };
  for (const line of summaryOf(result, teller.seconds())) options.write(line);
  return result;
}

/** A supervision platform that listens: signed webhooks over real HTTP. */
async function listenAsPlatform(
  teller: Teller,
  admin: Person,
  stops: (() => unknown)[],
): Promise<Record<string, number>> {
  const heard: Record<string, number> = {};
  const secret = randomBytes(24).toString('base64');
  const platform = await startPlatform(secret, (type) => {
    heard[type] = (heard[type] ?? 0) + 1;
  });
  stops.push(() => platform.close());
  teller.step('A supervision platform listens: it is told by signed webhooks.');
  const body = { name: 'platform', url: platform.url, secret: `whsec_${secret}` };
  await teller.does(admin, 'POST', '/webhooks', body);
  return heard;
}

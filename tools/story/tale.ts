/** The story itself: three kitchens, three ends. */
import sharp from 'sharp';
import { photograph } from '../demo/scenes.ts';
import type { Kitchens } from './kitchens.ts';
import { confirm, issuedTask, nextFinding, type StoryTask, type TaskPage } from './task.ts';
import type { Teller } from './teller.ts';
import { DRILL, type StoryWorld } from './world.ts';

export interface Told {
  task: StoryTask;
  kitchen: string;
  /** States it went through. */
  states: string[];
  /** How it had to end, and how it did. */
  wanted: string;
  ended: string;
}

interface Stage {
  teller: Teller;
  world: StoryWorld;
  kitchens: Kitchens;
}

const statesOf = (page: TaskPage): string[] => page.history.map(({ to }) => to);
const told = (task: StoryTask, kitchen: string, page: TaskPage, wanted: string): Told => ({
  task,
  kitchen,
  states: statesOf(page),
  wanted,
  ended: page.state,
});

/** A photograph as a telephone takes it, with EXIF. */
async function telephonePhoto(n: 1 | 2 | 3): Promise<Buffer> {
  return await sharp(photograph(n))
    .resize(1280)
    .withExif({ IFD0: { Make: 'phone', Software: 'story' } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** @returns what became of each task; throws when the product does not do what the story says */
export async function tellTale(stage: Stage): Promise<Told[]> {
  const { teller, world, kitchens } = stage;
  const { inspector, officer } = world;
  const [one, two, three] = world.kitchens;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three kitchens');

  teller.step(
    'Detection: cooks with bare heads stand at three stoves. The worker judges bursts of real pictures.',
  );
  const findings = [];
  for (const { merchant, camera } of world.kitchens) {
    findings.push(await nextFinding(teller, inspector, merchant));
    // The cooks leave: what is seen from now on is an empty kitchen.
    kitchens.show(camera, 'empty');
  }
  const [first, second, third] = findings;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three findings');
  const secondSeenAt = teller.seconds();

  teller.step(
    'The inspector looks at the pictures and confirms all three. For ten seconds that can be undone.',
  );
  for (const finding of findings) await confirm(teller, inspector, finding);

  teller.step(
    'Issued: the deadline worker issues the tasks with the policy frozen onto them; merchants are told.',
  );
  const lost = await issuedTask(teller, inspector, third);
  const again = await issuedTask(teller, inspector, second);
  const late = await issuedTask(teller, inspector, first);

  teller.step(`${three.name} says that it is not so: it appeals, and its clock stands.`);
  await lost.order(three.owner, 'appeal', { text: '画面中是来访的检查人员，不是本店员工。' });
  teller.step('The inspector upholds the appeal: the task is withdrawn. The finding stays on record.');
  const upheld = { decision: 'uphold', note: '核实为来访人员。' };
  const withdrawn = await lost.order(inspector, 'decide-appeal', upheld);

  teller.step(`${two.name} acknowledges at once and answers with a photograph.`);
  await again.order(two.owner, 'acknowledge');
  const clean = await again.photo(two.owner, await telephonePhoto(1));
  await again.order(two.owner, 'submit', { text: '已戴帽，已培训。', photos: [clean] });

  teller.step(
    `${one.name} says nothing. Its limit of ${DRILL.acknowledgeS} s passes; the delayed jobs do the rest.`,
  );
  await late.until(inspector, 'it is late and escalated', ({ escalations }) => escalations > 0);
  await teller.waits<{ items: { about: string; taskId: string | null }[] }, string>(
    officer,
    '/alerts?limit=50',
    'the food-safety officer is told',
    ({ items }) => items.find(({ about, taskId }) => about === 'escalated' && taskId === late.id)?.about,
    { state: (about) => `the merchant's food-safety officer is told: ${about}` },
  );
  await late.until(inspector, 'the next step of the chain', ({ escalations }) => escalations > 1);

  teller.step(`${one.name} acknowledges and answers with a photograph.`);
  await late.order(one.owner, 'acknowledge');
  const blurred = await late.photo(one.owner, await telephonePhoto(2));
  await late.order(one.owner, 'submit', { text: '已整改。', photos: [blurred] });
  teller.step('Returned: the photograph does not show the stove.');
  await late.order(inspector, 'return', { note: '照片看不到灶台，请重新拍摄。' });
  teller.step('It answers again; this time before and after stand side by side, and the inspector closes.');
  const stove = await late.photo(one.owner, await telephonePhoto(3));
  await late.order(one.owner, 'submit', { text: '重新拍摄，灶台人员均已戴帽。', photos: [stove] });
  await late.order(inspector, 'close', { note: '已整改。' });
  await late.until(inspector, 'it is watched again', ({ state }) => state !== 'closed');

  // What is seen within the merge window of the first finding is that finding.
  const mergesFor = DRILL.mergeS + 2 - (teller.seconds() - secondSeenAt);
  if (mergesFor > 0) await new Promise((resolve) => setTimeout(resolve, mergesFor * 1000));
  teller.step(`The inspector closes the task of ${two.name} too.`);
  await again.order(inspector, 'close', { note: '照片可见已整改。' });
  await again.until(inspector, 'it is watched again', ({ state }) => state === 'recheck_due');
  teller.step(`Recurs: while ${two.name} is watched more often, a bare head stands at its stove again.`);
  kitchens.show(two.camera, 'people');
  const recurring = await nextFinding(teller, inspector, two.merchant);
  kitchens.show(two.camera, 'empty');
  await confirm(teller, inspector, recurring);
  const anew = await issuedTask(teller, inspector, recurring);
  const recurred = await again.until(inspector, 'it recurred', ({ state }) => state === 'recurred');
  const rechecks = await inspector.call<{ items: { taskId: string; recurredAs: string | null }[] }>(
    'GET',
    `/rechecks?state=recurred&region=${world.region}`,
  );
  const link = rechecks.body.items.find(({ taskId }) => taskId === again.id)?.recurredAs;
  if (link !== anew.id) throw new Error(`${again.number} recurred, but is linked to ${link}`);
  teller.note(`the new task ${anew.number} is linked to ${again.number}`);
  const issued = await anew.until(inspector, 'it is there', () => true);

  teller.step(
    `Recheck: for ${DRILL.recheckS} s the stove of ${one.name} is looked at more often. Nothing is found.`,
  );
  const passed = await late.until(inspector, 'the recheck ends', ({ state }) => state === 'recheck_passed');
  teller.note(`as the history says: ${passed.history.at(-1)?.reason}`);
  return [
    told(late, one.name, passed, 'recheck_passed'),
    told(again, two.name, recurred, 'recurred'),
    { ...told(anew, two.name, issued, issued.state), wanted: 'issued' },
    told(lost, three.name, withdrawn, 'withdrawn'),
  ];
}

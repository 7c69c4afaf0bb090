/** Every kind of event that platforms are told, each by the change that causes it. */
import sharp from 'sharp';
import { expect } from 'vitest';
import { closeFault, openFault } from '../../../services/db/camera-faults.ts';
import { syncGatewayFaults } from '../../../services/db/gateway-faults.ts';
import { runTaskOrder, type TaskOrder } from '../../../services/db/task-life.ts';
import { takeDueSteps } from '../../../workers/deadlines/rounds.ts';
import { type Api, addAccount, type Call, signIn } from '../../api/support.ts';
import { addFinding, addWorld } from '../../api/world.ts';
import type { Kitchen } from '../../support/kitchen.ts';
import { issueTask, type People } from '../../task-life/support/tasks.ts';
import { addPlatform, type Caller, callerWithKeys } from './platform.ts';

interface Place {
  api: Api;
  operator: Call;
  kitchen: Kitchen;
  people: People;
}

/** Tasks through all of their states, and orders of a platform. */
export async function tasksLive({ api, operator, kitchen, people }: Place): Promise<void> {
  const { db } = api.context;
  const issue = () => issueTask(db, kitchen, people, api.clock.now());
  const run = async (taskId: string, command: TaskOrder['command']) => {
    const merchant = ['acknowledge', 'submit', 'appeal'].includes(command);
    const answer = { text: 'done', photoIds: [] };
    const result = await runTaskOrder(
      db,
      {
        taskId,
        command,
        actorId: merchant ? people.merchant : people.inspector,
        note: 'why',
        ...(command === 'submit' && { answer: { type: 'submission', ...answer } }),
        ...(command === 'appeal' && { answer: { type: 'appeal', ...answer } }),
      },
      api.clock.now(),
    );
    expect(result, command).toMatchObject({ done: true });
  };
  const way = async (...commands: TaskOrder['command'][]) => {
    const id = await issue();
    for (const command of commands) await run(id, command);
    return id;
  };
  await way('acknowledge', 'submit', 'return', 'submit', 'close', 'begin_recheck', 'pass_recheck');
  await way('acknowledge', 'submit', 'close', 'reopen');
  await way('acknowledge', 'submit', 'close', 'begin_recheck', 'recur');
  await way('appeal', 'reject_appeal');
  await way('escalate', 'transfer');
  await way('withdraw');
  const city = await addPlatform(api, operator, 'city', kitchen.regionId);
  const { number } = await db
    .selectFrom('task')
    .select('number')
    .where('id', '=', await issue())
    .executeTakeFirstOrThrow();
  for (const order of [
    { command: 'comment', note: 'x' },
    { command: 'assign', unit: '城关所' },
  ]) {
    const answer = await city.keyed('POST /platform/commands', { task: number, ...order });
    expect(answer.statusCode, answer.body).toBe(200);
  }
  // What falls due by itself: the visit after two returns, a recheck that saw nothing, the chain.
  await way('acknowledge', 'submit', 'return', 'submit', 'return', 'submit');
  await way('acknowledge', 'submit', 'close');
  await takeDueSteps({ db, now: api.clock.now });
  api.clock.move(40 * 24 * 3_600_000);
  await takeDueSteps({ db, now: api.clock.now });
}

/** Leads through all of their states. */
export async function leadsLive({ api, kitchen }: Place): Promise<void> {
  await addAccount(api, 'desk', 'inspector', { regionId: kitchen.regionId });
  const desk = callerWithKeys(api, await signIn(api, 'desk'));
  const police = {
    merchant: kitchen.merchantCode,
    target: 'police',
    targetName: '公安局',
    legalReason: '第一百二十一条',
  };
  const send = async () => (await desk.keyed('POST /leads', police)).json<{ id: string }>().id;
  const [lead, other] = [await send(), await send()];
  for (const [id, version, step] of [
    [lead, 1, 'receive'],
    [lead, 2, 'accept'],
    [lead, 3, 'conclude'],
    [other, 1, 'reject'],
  ] as const) {
    const said = { version, step, caseNumber: '1', outcome: 'x' };
    expect((await desk.keyed(`POST /leads/${id}/progress`, said)).statusCode).toBe(200);
  }
}

/** What somebody from the public saw. */
export async function tipsLive({ api, kitchen }: Place): Promise<void> {
  const payload = { kitchen: kitchen.merchantCode, text: '后厨地面有积水' };
  const given = await api.app.inject({ method: 'POST', url: '/api/v1/public/tips', payload });
  expect(given.statusCode).toBe(201);
}

/** Findings: of models and of people, confirmed, dismissed, reopened, merged, split, added to a task; documents of a task. */
export async function findingsLive({ api }: Place): Promise<void> {
  const world = await addWorld(api);
  await addAccount(api, 'head', 'station_head', { regionId: world.county });
  const head = callerWithKeys(api, await signIn(api, 'head'));
  let back = 0;
  const find = async () => {
    // Each past the merge window of the one before.
    back += 1;
    return await addFinding(api, world.eastCamera, new Date(api.clock.now().getTime() - back * 3_600_000));
  };
  const versionOf = async (id: string) =>
    (await head.call(`GET /findings/${id}`)).json<{ version: number }>().version;
  const named = async (id: string) => ({ id, version: await versionOf(id) });
  const done = async (answer: ReturnType<Caller['keyed']>) => {
    const response = await answer;
    expect(response.statusCode, response.body).toBeLessThan(300);
    return response;
  };
  const dismissed = await find();
  await done(head.call(`POST /findings/${dismissed}/dismiss`, { reason: 'not_staff', note: 'n' }));
  await done(
    head.call(`POST /findings/${dismissed}/reopen`, { version: await versionOf(dismissed), note: 'n' }),
  );
  const [into, part] = [await find(), await find()];
  await done(
    head.keyed('POST /findings/merge', { into: await named(into), findings: [await named(part)], note: 'n' }),
  );
  await done(head.keyed(`POST /findings/${part}/split`, { version: await versionOf(part), note: 'n' }));
  const confirmed = await done(head.call(`POST /findings/${into}/confirm`, {}));
  const { taskId } = confirmed.json<{ taskId: string }>();
  const task = async () => (await head.call(`GET /tasks/${taskId}`)).json<{ version: number }>().version;
  await done(
    head.keyed(`POST /tasks/${taskId}/findings`, { version: await task(), finding: await named(part) }),
  );
  const documented = await reported(api, head);
  const issued = await done(
    head.keyed(`POST /tasks/${documented}/documents`, {
      type: 'rectification_order',
      version: 1,
      reason: '请立即改正。',
    }),
  );
  const { id } = issued.json<{ id: string }>();
  await done(head.call(`POST /documents/${id}/void`, { reason: '文号有误' }));
}

/** A finding of a person, with a real photo. @returns its task */
async function reported(api: Api, head: Caller): Promise<string> {
  const jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#7a8' } })
    .jpeg()
    .toBuffer();
  const photo = await api.app.inject({
    method: 'POST',
    url: '/api/v1/report-photos',
    headers: { authorization: `Bearer ${await signIn(api, 'head')}`, 'content-type': 'image/jpeg' },
    payload: jpeg,
  });
  const report = await head.keyed('POST /findings', {
    source: 'field_visit',
    kind: 'no_hat',
    class: 2,
    merchant: 'em',
    zone: 'kitchen',
    text: '现场检查时未佩戴',
    photos: [photo.json<{ id: string }>().id],
    confirm: true,
  });
  expect(report.statusCode, report.body).toBe(201);
  return report.json<{ finding: { task: { id: string } } }>().finding.task.id;
}

/** Device tickets of a camera, and of a gateway that is gone. */
export async function faultsLive({ api, kitchen }: Place): Promise<void> {
  const { db } = api.context;
  const now = api.clock.now();
  const fault = {
    kind: 'covered',
    since: now,
    cause: 'no structure',
    detail: { structure: 0.1 },
    mutedBy: null,
  } as const;
  await openFault(db, { id: kitchen.cameraId }, fault, now);
  await closeFault(db, kitchen.cameraId, 'covered', now);
  const gateway = db.updateTable('gateway').where('id', '=', kitchen.gatewayId);
  await gateway.set({ state: 'offline', state_since: new Date(now.getTime() - 3_600_000) }).execute();
  await syncGatewayFaults(db, now);
  await gateway.set({ state: 'online', state_since: now }).execute();
  await syncGatewayFaults(db, now);
}

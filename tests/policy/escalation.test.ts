/** 升级 at the boundary: notification rows, alerts by API, and the documents that steps draft. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import type { Role } from '../../services/domain/words.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addTarget, setHabits } from '../alerts/support/people.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const api = useApi();
let world: World;
let desk: Call;
let people: Record<string, string> = {};

/** Whoever wants to hear nothing of tasks: the policy names them all the same. */
const SILENT = { language: 'zh-CN', quiet: null, topics: [], leastClass: 1 } as const;

async function person(name: string, role: Role, scope: object, phone = name): Promise<void> {
  const { db, sealer } = api().context;
  const accountId = await addAccount(api(), name, role, scope);
  people = { ...people, [accountId]: name };
  await setHabits(db, accountId, { ...SILENT, topics: [] });
  await addTarget(db, sealer, { accountId }, { channel: 'sms', phone });
}

beforeAll(async () => {
  world = await addWorld(api());
  const { db } = api().context;
  desk = await as(api(), 'desk', 'inspector', { regionId: world.county });
  await person('owner', 'merchant', { merchantId: world.eastMerchant });
  await person('officer', 'food_safety_officer', { merchantId: world.eastMerchant });
  await person('west-owner', 'merchant', { merchantId: world.westMerchant });
  await person('inspector', 'inspector', { regionId: world.east });
  await person('west-inspector', 'inspector', { regionId: world.west });
  await person('field', 'field_inspector', { regionId: world.county });
  await person('head', 'station_head', { regionId: world.county });
  await person('director', 'director', { regionId: world.county });
  await person('cadre', 'cadre', { regionId: world.county });
  // The same person with two accounts: one telephone.
  await person('cadre-officer', 'cadre', { regionId: world.county }, 'officer');
  await person('other-cadre', 'cadre', { regionId: world.county });
  const idOf = (name: string) => Object.entries(people).find(([, one]) => one === name)?.[0] ?? '';
  for (const name of ['cadre', 'cadre-officer'])
    await db
      .insertInto('cadre_merchant')
      .values({ account_id: idOf(name), merchant_id: world.eastMerchant, level: 'C' })
      .execute();
});

const now = () => api().clock.now();
const pass = async (hours: number) => {
  api().clock.move(hours * HOUR);
  await api()
    .context.db.updateTable('session')
    .set({ expires_at: new Date('2028-01-01T00:00:00Z') })
    .execute();
  await takeDueSteps({ db: api().context.db, now });
};
const issue = async (cameraId: string) => {
  const id = await addFinding(api(), cameraId, now());
  return (await desk(`POST /findings/${id}/confirm`, {})).json<{ taskId: string }>().taskId;
};
let seen = 0;
/** Who was told since the last time that somebody asked. */
const told = async (): Promise<string[]> => {
  const rows = await api()
    .context.db.selectFrom('notification')
    .select(['id', 'account_id', 'about'])
    .where('id', '>', String(seen))
    .orderBy('id')
    .execute();
  seen = Number(rows.at(-1)?.id ?? seen);
  return rows.map((row) => `${row.about} ${people[row.account_id ?? ''] ?? row.account_id}`).sort();
};

describe('an overdue task', () => {
  let taskId: string;

  test('tells at each step whom the policy names, at the first the cadre too, and nobody twice', async () => {
    taskId = await issue(world.eastCamera);
    await told();
    await pass(4);
    // The telephone that officer and second cadre share rings once.
    expect(await told()).toEqual(['escalated cadre', 'escalated officer']);
    await pass(4);
    expect(await told()).toEqual(['escalated inspector']);
    await pass(24);
    expect(await told()).toEqual(['escalated head']);
    // The later limit: again from the start.
    await pass(40);
    expect(await told()).toEqual(['escalated cadre', 'escalated officer']);
    await pass(4);
    await pass(24);
    expect(await told()).toEqual(['escalated head', 'escalated inspector']);
    await pass(72);
    expect(await told()).toEqual(['escalated director']);
    await pass(2000);
    expect(await told()).toEqual([]);
  });

  test('stands in the alerts of those alone', async () => {
    const rolesSeen = async (name: string) => {
      const token = await signIn(api(), name);
      const answer = await api().app.inject({
        url: '/api/v1/alerts?limit=200',
        headers: { authorization: `Bearer ${token}` },
      });
      return answer
        .json<{ items: { about: string; roles: string[] | null }[] }>()
        .items.filter((one) => one.about === 'escalated')
        .map((one) => one.roles?.join());
    };
    expect(await rolesSeen('officer')).toEqual(['food_safety_officer', 'food_safety_officer']);
    expect(await rolesSeen('owner')).toEqual([]);
    expect(await rolesSeen('inspector')).toEqual(['inspector', 'inspector']);
    expect(await rolesSeen('west-inspector')).toEqual([]);
    expect(await rolesSeen('head')).toEqual(['station_head', 'station_head']);
    expect(await rolesSeen('director')).toEqual(['director']);
    expect(await rolesSeen('cadre')).toEqual(['cadre', 'cadre']);
    expect(await rolesSeen('other-cadre')).toEqual([]);
  });

  test('has its interview drafted by the system; a head issues it, and the draft names the document', async () => {
    const head = await signIn(api(), 'head');
    const ask = (method: 'GET' | 'POST', path: string, payload?: object, token = head) =>
      api().app.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
        ...(payload && { payload }),
      });
    interface Waiting {
      id: string;
      reason: string;
      task: { number: string; version: number };
    }
    const waiting = (await ask('GET', '/document-drafts')).json<{ items: Waiting[] }>().items;
    const [draft] = waiting;
    const number = draft?.task.number;
    expect(waiting).toEqual([
      expect.objectContaining({
        type: 'interview',
        typeName: '责任约谈通知书',
        task: { id: taskId, number, version: expect.any(Number) },
        late: 'submit',
        level: 3,
        state: 'waiting',
        document: null,
        reason: `整改任务 ${number} 应于 2026-11-24 12:00 前提交整改，已逾期；系统已逐级提醒 7 次，仍未完成。`,
      }),
    ]);
    expect((await ask('GET', '/document-drafts', undefined, await signIn(api(), 'desk'))).statusCode).toBe(
      403,
    );
    const issued = await ask('POST', `/tasks/${taskId}/documents`, {
      type: 'interview',
      version: draft?.task.version,
      reason: draft?.reason,
      pictures: [],
    });
    expect(issued.statusCode, issued.body).toBe(201);
    const document = issued.json<{ id: string; number: string }>();
    expect((await ask('GET', '/document-drafts')).json()).toMatchObject({ items: [] });
    expect((await ask('GET', `/document-drafts?state=issued&task=${taskId}`)).json()).toMatchObject({
      items: [{ id: draft?.id, document: { id: document.id, number: document.number }, decidedBy: 'head' }],
    });
    const late = await ask('POST', `/document-drafts/${draft?.id}/discard`, { reason: '不需要' });
    expect(late.statusCode).toBe(409);
  });
});

test('where nobody has the named role, who answers for it is told; a draft is let be with a reason', async () => {
  const taskId = await issue(world.westCamera);
  await told();
  await pass(4);
  // No food-safety officer at this merchant: its owner. No cadre is assigned to it.
  expect(await told()).toEqual(['escalated west-owner']);
  await pass(4);
  expect(await told()).toEqual(['escalated west-inspector']);
  await pass(24 + 72 + 4 + 24 + 72);
  for (let i = 0; i < 4; i += 1) await pass(200);
  const token = await signIn(api(), 'director');
  const headers = { authorization: `Bearer ${token}` };
  const list = await api().app.inject({ url: `/api/v1/document-drafts?task=${taskId}`, headers });
  const [draft] = list.json<{ items: { id: string }[] }>().items;
  const url = `/api/v1/document-drafts/${draft?.id}/discard`;
  const nothing = await api().app.inject({ method: 'POST', url, headers, payload: { reason: ' ' } });
  expect(nothing.json()).toMatchObject({ status: 400, errors: [{ field: 'reason' }] });
  const done = await api().app.inject({ method: 'POST', url, headers, payload: { reason: '已停业' } });
  expect(done.json()).toMatchObject({ state: 'discarded', note: '已停业', decidedBy: 'director' });
  expect((await verifyHistory(api().context.db)).faults).toEqual([]);
});

test('a chain names only documents that there are', async () => {
  const token = await signIn(api(), 'director');
  const answer = await api().app.inject({
    method: 'POST',
    url: '/api/v1/policies',
    headers: { authorization: `Bearer ${token}` },
    payload: {
      region: 'county',
      after: null,
      document: { escalation: { 2: [{ to: 'inspector', delayMin: 0, document: 'love_letter' }] } },
    },
  });
  expect(answer.json()).toMatchObject({
    status: 400,
    errors: [{ field: 'document.escalation.2.0.document' }],
  });
});

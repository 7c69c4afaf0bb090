/** Gateways that serve no one merchant: a message names each of them, and the region where it is of several. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { syncGatewayFaults } from '../../services/db/gateway-faults.ts';
import { addTarget } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();
const texts = (): string[] =>
  desk().company.received.map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);

async function gateway(name: string, merchantId: string | null = null): Promise<string> {
  const { db, kitchen, now } = desk();
  const { id } = await db
    .insertInto('gateway')
    .values({
      code: `gateway-${randomUUID()}`,
      name,
      region_id: kitchen.regionId,
      merchant_id: merchantId,
      secret_hash: 'none',
      state: 'online',
      state_since: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
async function become(id: string, state: 'online' | 'offline'): Promise<void> {
  const { db, now } = desk();
  await db.updateTable('gateway').set({ state, state_since: now }).where('id', '=', id).execute();
}
async function listen(): Promise<void> {
  const { db, kitchen, company } = desk();
  const address = { channel: 'wecom' as const, url: `${company.url}/ops`, secret: null };
  await addTarget(db, sealer, { regionId: kitchen.regionId }, address, { topics: ['fault'] });
}
/** Rounds of the gateway process and of the relay. */
async function pass(seconds: number): Promise<void> {
  for (let gone = 0; gone < seconds; gone += 30) {
    desk().later(30);
    await syncGatewayFaults(desk().db, desk().now);
    await desk().tell();
  }
}
const region = async (): Promise<string> => {
  const { db, kitchen } = desk();
  const { name } = await db
    .selectFrom('region')
    .select('name')
    .where('id', '=', kitchen.regionId)
    .executeTakeFirstOrThrow();
  return name;
};

test('the one that works again and the one that failed are told apart', async () => {
  await listen();
  const [first, second] = [await gateway('演示网关'), await gateway('东街网关')];
  await become(first, 'offline');
  await pass(600);
  expect(texts()).toEqual([expect.stringMatching(/^【明灶】演示网关：离线 发生故障\n/)]);
  await become(first, 'online');
  await become(second, 'offline');
  await pass(1800);
  expect(texts()).toHaveLength(2);
  const [title, ...lines] = (texts()[1] ?? '').split('\n');
  expect(title).toBe(`【明灶】${await region()}：2 条设备通知`);
  expect(lines.join('\n')).toMatch(/离线 已恢复，演示网关，/);
  expect(lines.join('\n')).toMatch(/离线 发生故障，东街网关，/);
});

test('of a merchant’s gateways the line says which', async () => {
  await listen();
  const id = await gateway('后厨网关', desk().kitchen.merchantId);
  await become(id, 'offline');
  await pass(600);
  expect(texts()).toEqual([
    expect.stringMatching(/^【明灶】第一小学食堂：离线 发生故障\n离线 发生故障，后厨网关，/),
  ]);
});

import { expect, test } from 'vitest';
import { closeFault, openFault } from '../../services/db/camera-faults.ts';
import { syncGatewayFaults } from '../../services/db/gateway-faults.ts';
import { addTarget } from './support/people.ts';
import { sealer, useDesk } from './support/relay.ts';

const desk = useDesk();

const listen = async (): Promise<void> => {
  const { db, kitchen, company } = desk();
  const address = { channel: 'wecom' as const, url: `${company.url}/ops`, secret: null };
  await addTarget(db, sealer, { regionId: kitchen.regionId }, address, { topics: ['fault'] });
};
const texts = (): string[] =>
  desk().company.received.map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);
const fault = (mutedBy: string | null = null) =>
  openFault(
    desk().db,
    { id: desk().kitchen.cameraId },
    { kind: 'offline', since: desk().now, cause: 'no packets', detail: {}, mutedBy },
    desk().now,
  );
const gateway = async (state: 'online' | 'offline'): Promise<void> => {
  await desk()
    .db.updateTable('gateway')
    .set({ state, state_since: desk().now })
    .where('id', '=', desk().kitchen.gatewayId)
    .execute();
};
/** Rounds of the gateway process and of the relay. */
const pass = async (seconds: number): Promise<void> => {
  for (let gone = 0; gone < seconds; gone += 30) {
    desk().later(30);
    await syncGatewayFaults(desk().db, desk().now);
    await desk().tell();
  }
};

test('a camera that fails is told once, and its recovery', async () => {
  await listen();
  await fault();
  await pass(90);
  expect(texts()).toEqual([expect.stringContaining('第一小学食堂：离线 发生故障')]);
  await pass(3600);
  await closeFault(desk().db, desk().kitchen.cameraId, 'offline', desk().now);
  await pass(1200);
  expect(texts()).toHaveLength(2);
  expect(texts()[1]).toContain('离线 已恢复');
});

test('a flap that is over before anybody was told is told to nobody', async () => {
  await listen();
  await fault();
  desk().later(20);
  await closeFault(desk().db, desk().kitchen.cameraId, 'offline', desk().now);
  await pass(1800);
  expect(texts()).toEqual([]);
});

test('a dead gateway mutes its cameras: one message, of the gateway; what still holds after its return is told then', async () => {
  await listen();
  await gateway('offline');
  // The camera's ticket was told of before anybody knew that the gateway is gone.
  await fault();
  await pass(600);
  expect(texts()).toHaveLength(1);
  expect(texts()[0]).not.toContain('灶台');
  await gateway('online');
  await pass(1800);
  expect(texts().join('\n')).toContain('灶台');
});

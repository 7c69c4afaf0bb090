/** Which gateways a merchant's cameras may come by. */
import { expect, test } from 'vitest';
import { as, useApi } from './support.ts';
import { addWorld } from './world.ts';

const api = useApi();

test('the gateways that serve a merchant: its own and those of its regions, and each of them takes its camera', async () => {
  await addWorld(api());
  const admin = await as(api(), 'admin', 'operator');
  for (const [code, region] of [
    ['box-county', 'county'],
    ['box-east', 'east'],
    ['box-west', 'east-west'],
  ])
    expect((await admin('POST /gateways', { code, region, name: 'box' })).statusCode).toBe(201);
  const serving = async (merchant: string) =>
    (await admin(`GET /gateways?serves=${merchant}&limit=200`))
      .json<{ items: { code: string }[] }>()
      .items.map(({ code }) => code);
  const all = (await admin('GET /gateways?limit=200')).json<{ items: { code: string }[] }>().items;
  const taking: string[] = [];
  for (const { code: gateway } of all) {
    const code = `em-of-${gateway}`;
    const camera = { code, merchant: 'em', zone: 'kitchen', name: code, source: 'mqtt', gateway };
    if ((await admin('POST /cameras', camera)).statusCode !== 201) continue;
    taking.push(gateway);
    expect((await admin(`DELETE /cameras/${code}`)).statusCode).toBe(204);
  }
  expect(taking).toEqual(expect.arrayContaining(['box-county', 'box-east', 'em-box']));
  expect(await serving('em')).toEqual(taking);
  expect(await serving('wm')).not.toContain('em-box');
  expect(await serving('nobody')).toEqual([]);
});

/** Anybody may name any phone number: tests to it are few, however it is written down. */
import { beforeAll, expect, test } from 'vitest';
import { as, type Call, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
beforeAll(async () => {
  world = await addWorld(api());
});
let people = 0;
const person = (): Promise<Call> => {
  people += 1;
  return as(api(), `tester-${people}`, 'merchant', { merchantId: world.eastMerchant });
};
const sms = (phone: string) => ({ channel: 'sms', phone });
const robot = (key: string) => ({ channel: 'wecom', url: `https://robot.test/send?key=${key}` });

/** Adds an address, asks for a test of it, and removes it again. */
async function tested(who: Call, address: object) {
  const { id } = (await who('POST /my/notifications/targets', address)).json<{ id: string }>();
  const answer = await who(`POST /my/notifications/targets/${id}/test`);
  expect((await who(`DELETE /my/notifications/targets/${id}`)).statusCode).toBe(204);
  return answer;
}
const later = (seconds: number): void => api().clock.move(seconds * 1000);

test('adding it anew does not make the address new: 20 s between two, three of a number in a day, whoever asks', async () => {
  const [first, second] = [await person(), await person()];
  const phone = sms('+8613800000001');
  expect((await tested(first, phone)).statusCode).toBe(202);
  const soon = await tested(second, phone);
  expect([soon.statusCode, soon.headers['retry-after'], soon.json().code]).toEqual([
    429,
    '20',
    'test_was_sent',
  ]);
  for (const who of [second, first]) {
    later(60);
    expect((await tested(who, phone)).statusCode).toBe(202);
  }
  later(60);
  const over = await tested(second, phone);
  expect([over.statusCode, over.json()]).toMatchObject([
    429,
    { code: 'tests_to_address', params: { most: 3, minutes: 24 * 60 - 3 } },
  ]);
  expect(over.headers['retry-after']).toBe(String(24 * 3600 - 180));
  later(24 * 3600 - 180);
  expect((await tested(await person(), phone)).statusCode).toBe(202);
});

test('of one account six text messages in a day, to whatever numbers; robots are another matter', async () => {
  const who = await person();
  for (let i = 0; i < 6; i += 1) expect((await tested(who, sms(`+861390000000${i}`))).statusCode).toBe(202);
  const over = await tested(who, sms('+8613900000009'));
  expect([over.statusCode, over.json()]).toMatchObject([
    429,
    { code: 'tests_of_account', params: { most: 6, minutes: 24 * 60 } },
  ]);
  expect((await tested(who, robot('a'))).statusCode).toBe(202);
  expect((await tested(await person(), sms('+8613900000009'))).statusCode).toBe(202);
});

test('asked for at once, no more are sent than one after the other', async () => {
  const who = await person();
  const { id } = (await who('POST /my/notifications/targets', sms('+8613700000001'))).json<{ id: string }>();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => who(`POST /my/notifications/targets/${id}/test`)),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 429, 429, 429, 429]);
});

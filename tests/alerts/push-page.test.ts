/** A browser that several people use, one after the other: it shows nobody's notices but those of the one who is signed in. */
import { createECDH } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { addAccount } from '../api/support.ts';
import { signIn, useStack } from '../web/support/stack.ts';

const stack = useStack(async () => {});
beforeAll(async () => {
  for (const name of ['first', 'second']) await addAccount(stack().api, name, 'operator');
});

/** The company that pushes, in the page: what it keeps for this browser is in the browser's storage. */
const pushService = (keys: { p256dh: string; auth: string }): string => `
  const KEPT = 'push-service';
  const subscription = (endpoint) => ({
    endpoint,
    toJSON: () => ({ endpoint, keys: ${JSON.stringify(keys)} }),
    unsubscribe: async () => {
      localStorage.removeItem(KEPT);
      return true;
    },
  });
  PushManager.prototype.getSubscription = async () => {
    const endpoint = localStorage.getItem(KEPT);
    return endpoint === null ? null : subscription(endpoint);
  };
  PushManager.prototype.subscribe = async () => {
    const endpoint = 'https://push.test/' + crypto.randomUUID();
    localStorage.setItem(KEPT, endpoint);
    return subscription(endpoint);
  };
  Notification.requestPermission = async () => 'granted';
`;

async function open(): Promise<Page> {
  const page = await stack().open({ path: '/notifications' });
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  await page.addInitScript({
    content: pushService({
      p256dh: ecdh.getPublicKey('base64url'),
      auth: Buffer.alloc(16).toString('base64url'),
    }),
  });
  await page.reload();
  return page;
}
const offer = (page: Page) => page.getByRole('button', { name: '在这个浏览器开启推送' });
const subscribed = (page: Page): Promise<string | null> =>
  page.evaluate("localStorage.getItem('push-service')");
async function turnOn(page: Page): Promise<void> {
  await offer(page).click();
  await page.getByText('push.test').waitFor();
  await offer(page).waitFor({ state: 'hidden' });
  expect(await subscribed(page)).not.toBeNull();
}
const addresses = async (username: string): Promise<number> => {
  const rows = await stack()
    .db.selectFrom('notify_target')
    .innerJoin('account', 'account.id', 'notify_target.account_id')
    .select('notify_target.id')
    .where('username', '=', username)
    .where('removed_at', 'is', null)
    .execute();
  return rows.length;
};

test('signing out ends push here, on the server and in the browser; a later visit offers it again', async () => {
  const page = await open();
  await signIn(page, 'first');
  await turnOn(page);
  await page.reload();
  await page.getByText('push.test').waitFor();
  expect(await subscribed(page)).not.toBeNull();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByLabel('用户名').waitFor();
  await expect.poll(() => subscribed(page)).toBeNull();
  expect(await addresses('first')).toBe(0);
  await signIn(page, 'first');
  await offer(page).waitFor();
}, 60_000);

test('where the session ended otherwise, the next person is not shown what the one before subscribed', async () => {
  const page = await open();
  await signIn(page, 'first');
  await turnOn(page);
  await page.context().clearCookies();
  await page.reload();
  // Nobody else is here yet: who comes back goes on as before.
  await signIn(page, 'first');
  expect(await subscribed(page)).not.toBeNull();
  await page.context().clearCookies();
  await page.reload();
  await signIn(page, 'second');
  await expect.poll(() => subscribed(page)).toBeNull();
  await turnOn(page);
  expect([await addresses('second')]).toEqual([1]);
  await page.context().clearCookies();
  await page.reload();
  await signIn(page, 'first');
  // The server still has an address of this browser for the first person, but nothing comes by it.
  await offer(page).waitFor();
  expect(await subscribed(page)).toBeNull();
}, 60_000);

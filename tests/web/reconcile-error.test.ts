/** Why a comparison failed: said in Chinese on a Chinese page, whatever the worker wrote down. */
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { reconcileError } from '../../services/web/src/features/system/delivery-error.ts';
import { en } from '../../services/web/src/i18n/en.ts';
import { zh } from '../../services/web/src/i18n/zh.ts';
import { readCaseList } from '../../workers/outbox/reconcile/read-list.ts';

const texts = i18next.createInstance();
const resources = { zh: { translation: zh }, en: { translation: en } };
await texts.init({ resources, lng: 'zh', interpolation: { escapeValue: false } });
const t = texts.getFixedT('zh');

async function failureOf(status: number, ...pages: unknown[]): Promise<string> {
  const outbound = async () => {
    const page = pages.length > 1 ? pages.shift() : pages[0];
    return { status, headers: {}, body: Buffer.from(typeof page === 'string' ? page : JSON.stringify(page)) };
  };
  const source = { url: 'https://platform.example.org/cases', token: null, since: new Date(0) };
  return await readCaseList(outbound, source).then(
    () => 'no failure',
    (error: Error) => error.message,
  );
}

const one = { number: 'Z1', state: 'closed' };
test.each([
  [401, [''], '对方返回 401，密钥或权限不对'],
  [200, ['<html>'], '清单第 1 页不符合约定的格式'],
  [200, [{ items: 3 }], '清单第 1 页的 items 不符合约定的格式'],
  [200, [{ items: [one, 7] }], '清单第 1 页的 items.1 不符合约定的格式'],
  [200, [{ items: [{ ...one, state: 'lost' }] }], '清单第 1 页的 items.0.state 不符合约定的格式'],
  [
    200,
    [
      { items: [one], nextCursor: 'a' },
      { items: [], nextCursor: 'a' },
    ],
    '清单第 2 页不符合约定的格式',
  ],
] as const)('%s %j', async (status, pages, said) => {
  expect(reconcileError(t, await failureOf(status, ...pages))).toBe(said);
});

test('what no list says', () => {
  expect(reconcileError(t, 'cut off')).toBe('程序中断，没有对完');
  expect(reconcileError(t, 'the list has more than 500 pages')).toBe('清单超过 500 页，没有对账');
  expect(reconcileError(t, 'the list has more than 100000 cases')).toBe('清单超过 100000 条，没有对账');
  expect(reconcileError(t, 'cannot be reached: ECONNREFUSED')).toBe('连不上：对方没有在该端口提供服务');
});

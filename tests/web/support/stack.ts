/** The page as it is served: built by Vite, from the real API over the test PostgreSQL, in a real Chromium. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Overrides } from '../../../services/api/context.ts';
import { type Api, addAccount, PASSWORD, startApi, stopApi } from '../../api/support.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { builtPage } from './built-page.ts';
import { chromiumPath, FLAGS } from './chromium.ts';
import type { World } from './seed.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Screenshots, for people to look at. */
export const OUTPUT = join(ROOT, 'tests/.output');
/** Milliseconds that a test waits for something to appear. */
const PATIENCE_MS = 20_000;

export interface Stack extends World {
  api: Api;
  url: string;
  /** A page of its own with its own cookies. */
  open(options?: { width?: number; height?: number; dark?: boolean; path?: string }): Promise<Page>;
}

const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath(), args: FLAGS });

/** For the top of a test file. `seed` fills the database before the first page is opened. */
export function useStack(seed: (world: World) => Promise<void>, overrides: Overrides = {}): () => Stack {
  const databaseUrl = useTestDatabase();
  let stack: Stack | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const [webRoot] = await Promise.all([builtPage(), mkdir(OUTPUT, { recursive: true })]);
    const now = (): Date => new Date();
    const api = await startApi(databaseUrl(), { now, webRoot, ...overrides });
    await addAccount(api, 'inspector', 'inspector');
    const world: World = { db: api.context.db, store: api.context.store, now };
    await seed(world);
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const opened = await openBrowser();
    browser = opened;
    stack = {
      ...world,
      api,
      url,
      async open({ width = 1440, height = 900, dark = false, path = '/' } = {}) {
        const context = await opened.newContext({
          viewport: { width, height },
          reducedMotion: 'reduce',
          colorScheme: dark ? 'dark' : 'light',
          locale: 'zh-CN',
          timezoneId: 'Asia/Shanghai',
        });
        const page = await context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        const said: string[] = [];
        complaints.set(page, said);
        page.on('pageerror', (error) => said.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error' && !/status of \d+/.test(message.text())) said.push(message.text());
        });
        await page.goto(url + path);
        return page;
      },
    };
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    if (stack !== undefined) await stopApi(stack.api);
  });
  return () => {
    if (stack === undefined) throw new Error('the stack exists only from beforeAll on');
    return stack;
  };
}

const complaints = new WeakMap<Page, string[]>();

/** Errors that the page threw or the browser complained of (such as its content security policy), but for failed requests. */
export function complaintsOf(page: Page): string[] {
  return complaints.get(page) ?? [];
}

/** Signs in, in Chinese. */
export async function signIn(page: Page, username = 'inspector'): Promise<void> {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
}

/** A picture of the page for people to look at, once everything in it has come. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('load');
  await page.evaluate(
    'Promise.all([...document.images].filter((i) => i.loading !== "lazy").map((i) => i.decode().catch(() => {})))',
  );
  await page.screenshot({ path: join(OUTPUT, `${name}.png`) });
}

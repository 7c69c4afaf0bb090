/**
 * A page without Playwright: Playwright's debugger watches the network, and Chromium keeps a record of every request for it (some 8 kB a
 * card of the desk). What a page keeps by itself shows only when nobody listens.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath, FLAGS } from './chromium.ts';

/** What a page keeps, after the collector ran. Megabytes are 10^6 bytes. */
export interface Memory {
  heapMb: number;
  nodes: number;
  listeners: number;
  /** The page's process: its proportional share of what it maps. */
  pssMb: number;
}

export interface BarePage {
  goto(url: string): Promise<void>;
  /** Runs an expression in the page; a promise is waited for. */
  run<T>(expression: string): Promise<T>;
  /** Until an expression is true, asked frame by frame. */
  until(expression: string): Promise<void>;
  /** Presses a key that writes one character. */
  press(key: string): Promise<void>;
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

type Params = Record<string, unknown>;
type Send = <T = unknown>(method: string, params?: Params, sessionId?: string) => Promise<T>;

/** The collector runs so often: what one run sets free lets the next one free more. */
const COLLECTIONS = 4;
const SIZE = { width: 1440, height: 900 };

/** The protocol over one socket. */
async function connect(url: string): Promise<{ send: Send; end(): void }> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let last = 0;
  const waiting = new Map<number, { done(result: unknown): void; failed(error: Error): void }>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.done(result);
    else asked?.failed(new Error(error.message));
  });
  const send: Send = (method, params = {}, sessionId) =>
    new Promise((done, failed) => {
      last += 1;
      waiting.set(last, { done: done as (result: unknown) => void, failed });
      socket.send(
        JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }),
      );
    });
  return { send, end: () => socket.close() };
}

/** A browser of its own, with one page. */
export async function openBare(): Promise<BarePage> {
  const profile = await mkdtemp(join(tmpdir(), 'mingzao-bare-'));
  const browser = spawn(
    chromiumPath(),
    [...FLAGS, '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--lang=zh-CN', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const address = await new Promise<string>((found, failed) => {
    let said = '';
    browser.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (url !== undefined) found(url);
    });
    browser.once('exit', () => failed(new Error(`Chromium ended: ${said}`)));
  });
  const { send, end } = await connect(address);
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const tell: Send = (method, params) => send(method, params, sessionId);
  await tell('Page.enable');
  await tell('Page.setBypassCSP', { enabled: true });
  await tell('Emulation.setDeviceMetricsOverride', { ...SIZE, deviceScaleFactor: 1, mobile: false });
  await tell('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-reduced-motion', value: 'reduce' }],
  });

  const run = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await tell<{
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const until = async (expression: string): Promise<void> => {
    await run(`new Promise((done) => {
      const look = () => ((${expression}) ? done(true) : requestAnimationFrame(look));
      look();
    })`);
  };
  return {
    run,
    until,
    async goto(url) {
      await tell('Page.navigate', { url });
      await until(`location.href !== 'about:blank' && document.readyState === 'complete'`);
    },
    async press(key) {
      await tell('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key });
      await tell('Input.dispatchKeyEvent', { type: 'keyUp', key });
    },
    async memory() {
      for (let i = 0; i < COLLECTIONS; i += 1) await tell('HeapProfiler.collectGarbage');
      const { usedSize } = await tell<{ usedSize: number }>('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await tell<{ nodes: number; jsEventListeners: number }>(
        'Memory.getDOMCounters',
      );
      const { processInfo } = await send<{ processInfo: { id: number; type: string }[] }>(
        'SystemInfo.getProcessInfo',
      );
      const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => pssMb(id));
      // A browser keeps an empty one ready beside the page's.
      const most = Math.max(0, ...(await Promise.all(renderers)));
      return { heapMb: usedSize / 1e6, nodes, listeners: jsEventListeners, pssMb: most };
    },
    async close() {
      browser.removeAllListeners('exit');
      const ended = once(browser, 'exit');
      await send('Browser.close').catch(() => {});
      end();
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function pssMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return (Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024) / 1e6;
}

/** Holds the lines to platforms' brokers that this process has leased, and opens them again when they break. */
import { createHash } from 'node:crypto';
import {
  claimPlatformLines,
  linesSwitchedOff,
  notePlatformLine,
  type PlatformLine,
  releasePlatformLine,
} from '../../db/platform-lines.ts';
import type { OpenSocket } from '../../outbound/socket.ts';
import type { ApiContext } from '../context.ts';
import { type LineSession, openLine } from './session.ts';
import { takeOrder } from './take-order.ts';

/** Milliseconds between rounds; a third of the lease, so that two may fail. */
const ROUND_MS = 10_000;

export interface PlatformLines {
  /** One round: claims, opens, closes. Rounds follow each other by themselves. */
  round(): Promise<void>;
  close(): Promise<void>;
}

interface Held {
  line: PlatformLine;
  /** Changes when address, login, secret, account or region do. */
  mark: string;
  session: LineSession | undefined;
}

export type LinesContext = Pick<ApiContext, 'db' | 'sealer' | 'log' | 'now'>;

export function startPlatformLines(
  context: LinesContext,
  parts: { open: OpenSocket; holder: string; everyMs?: number },
): PlatformLines {
  const { db, log, now } = context;
  const { open, holder, everyMs = ROUND_MS } = parts;
  const held = new Map<string, Held>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const drop = async (id: string, forget = false): Promise<void> => {
    const one = held.get(id);
    held.delete(id);
    await one?.session?.close(forget);
  };
  const keep = async (line: PlatformLine): Promise<void> => {
    const id = line.webhookId;
    const mark = markOf(line);
    if (held.get(id)?.mark !== mark) await drop(id);
    const one: Held = held.get(id) ?? { line, mark, session: undefined };
    held.set(id, one);
    const reason = one.session?.ended();
    if (one.session !== undefined && reason === undefined) return;
    if (reason !== undefined) log.warn({ webhook: id, reason }, "a platform's line broke");
    await one.session?.close();
    one.session = undefined;
    try {
      one.session = await openLine(optionsOf(context, line, open));
      await notePlatformLine(db, holder, id, { state: 'listening' }, now());
    } catch (error) {
      await notePlatformLine(db, holder, id, { state: 'broken', error: (error as Error).message }, now());
    }
  };
  const once = async (): Promise<void> => {
    const lines = await claimPlatformLines(db, holder);
    const mine = new Set(lines.map(({ webhookId }) => webhookId));
    // Switched off, or held by another now.
    const gone = [...held.keys()].filter((one) => !mine.has(one));
    const off = await linesSwitchedOff(db, gone);
    for (const id of gone) {
      await drop(id, off.has(id));
      await releasePlatformLine(db, holder, id);
    }
    await Promise.all(lines.map(keep));
  };
  const round = (): Promise<void> => {
    running = running.then(once).catch((error: Error) => {
      log.warn({ error: error.message }, 'trouble with lines to platforms, will be tried again');
    });
    return running;
  };
  const again = async (): Promise<void> => {
    await round();
    if (!closed) timer = setTimeout(() => void again(), everyMs);
  };
  void again();
  return {
    round,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
      const ids = [...held.keys()];
      await Promise.all(ids.map((id) => drop(id)));
      for (const id of ids) await releasePlatformLine(db, holder, id).catch(() => {});
    },
  };
}

function optionsOf({ db, sealer, log, now }: LinesContext, line: PlatformLine, open: OpenSocket) {
  const login = line.brokerSealed === null ? {} : JSON.parse(sealer.open(line.brokerSealed));
  const { username, password } = login as { username?: string; password?: string };
  const secret = sealer.open(line.secretSealed);
  const { webhookId, accountId, regionPath, topicPrefix } = line;
  return {
    open,
    address: { url: line.url, username, password },
    prefix: topicPrefix,
    keptAs: `mingzao-orders-${webhookId}`,
    take: (delivery: Parameters<typeof takeOrder>[2]) =>
      takeOrder(db, { webhookId, accountId, regionPath, secret }, delivery, now(), (error) =>
        log.error({ err: error, webhook: webhookId }, 'order of a platform failed'),
      ),
  };
}

function markOf({
  url,
  topicPrefix,
  accountId,
  regionPath,
  secretSealed,
  brokerSealed,
}: PlatformLine): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([url, topicPrefix, accountId, regionPath]));
  return hash
    .update(secretSealed)
    .update(brokerSealed ?? '')
    .digest('hex');
}

import type { IncomingMessage } from 'node:http';
import type { EndReason, StreamStart, VideoStream } from '../../domain/live-video.ts';
import { askGateway } from '../live-source.ts';
import { recordReader, type StoredRecord, sentMsOf } from './records.ts';

/** Milliseconds that a source is kept when its last viewer left: walls are opened anew with other cameras. */
const LINGER_MS = 3_000;
/** Milliseconds for which a camera that gave none is not asked again. */
const REFUSED_MS = 2_000;
/** Most that a new viewer is given of the past; of a larger group it waits for the next keyframe. */
const MOST_GROUP_BYTES = 2 * 1024 * 1024;

export type NoSource = 'full' | 'not_pulled';

/** Somebody who watches. Must not throw. */
export interface Listener {
  /** @param aheadMs how far this process's clock is ahead of the one in the record */
  record(record: StoredRecord, aheadMs: number): void;
  /** No record follows. */
  end(reason: EndReason): void;
}

/** One camera's stream, found and held; nothing is handed out before `begin`. */
export interface Joined {
  start: StreamStart;
  /** Hands out what is needed to begin (start, init, the group since the last keyframe), then what comes. */
  begin(listener: Listener): void;
  leave(): void;
}

export interface Sources {
  join(cameraId: string, stream: VideoStream): Promise<Joined | NoSource>;
  /** Streams that are read from gateways now. */
  readonly count: number;
}

interface Source {
  start: StreamStart;
  /** The start and the initialization segment. */
  opening: readonly StoredRecord[];
  /** Since the last keyframe; empty: too large, or none yet. */
  group: StoredRecord[];
  groupBytes: number;
  listeners: Set<Listener>;
  holders: number;
  answer: IncomingMessage;
  /** The least that a record was on its way: the difference of the clocks, and some milliseconds. */
  aheadMs: number;
  linger: NodeJS.Timeout | undefined;
}

interface Held {
  source: Promise<Source | NoSource>;
  forget: () => void;
}

/**
 * The streams that this process reads from gateways, each once for all walls that show the camera: ten inspectors before the same
 * sixteen cameras cost the gateway sixteen connections, not a hundred and sixty.
 * @param address of a camera's gateway, and a ticket for it; undefined: nobody pulls it
 */
export function createSources(
  nowMs: () => number,
  address: (cameraId: string, stream: VideoStream) => Promise<{ url: string; ticket: string } | undefined>,
): Sources {
  const sources = new Map<string, Held>();

  const open = (key: string, cameraId: string, stream: VideoStream): Held => {
    // Another may stand in its place by then.
    const forget = (): void => {
      if (sources.get(key) === held) sources.delete(key);
    };
    const ask = async (): Promise<Source | NoSource> => {
      const to = await address(cameraId, stream);
      const answer = to === undefined ? 'not_pulled' : await askGateway(to.url, to.ticket);
      return typeof answer === 'string' ? answer : await begun(answer, forget, nowMs);
    };
    const held: Held = { source: ask(), forget };
    sources.set(key, held);
    held.source.then(
      (source) => {
        if (typeof source === 'string') setTimeout(held.forget, REFUSED_MS).unref();
      },
      () => held.forget(),
    );
    return held;
  };

  return {
    get count() {
      return sources.size;
    },
    async join(cameraId, stream) {
      const key = `${cameraId} ${stream}`;
      const held = sources.get(key) ?? open(key, cameraId, stream);
      const source = await held.source;
      return typeof source === 'string' ? source : hold(source, held.forget);
    },
  };
}

function hold(source: Source, forget: () => void): Joined {
  let mine: Listener | undefined;
  let left = false;
  source.holders += 1;
  clearTimeout(source.linger);
  return {
    start: source.start,
    begin(listener) {
      if (source.answer.destroyed) return listener.end('gone');
      mine = listener;
      for (const record of [...source.opening, ...source.group]) listener.record(record, source.aheadMs);
      source.listeners.add(listener);
    },
    leave() {
      if (left) return;
      left = true;
      source.holders -= 1;
      if (mine !== undefined) source.listeners.delete(mine);
      if (source.holders > 0) return;
      source.linger = setTimeout(() => {
        forget();
        source.answer.destroy();
      }, LINGER_MS).unref();
    },
  };
}

/** Reads on until it is known what comes. */
async function begun(
  answer: IncomingMessage,
  forget: () => void,
  nowMs: () => number,
): Promise<Source | NoSource> {
  return await new Promise((done) => {
    let source: Source | undefined;
    const opening: StoredRecord[] = [];
    let reason: EndReason = 'gone';
    let aheadMs = Number.POSITIVE_INFINITY;
    const take = (record: StoredRecord): void => {
      aheadMs = Math.min(aheadMs, nowMs() - sentMsOf(record));
      if (source !== undefined) source.aheadMs = aheadMs;
      if (record.kind === 'end') reason = (JSON.parse(String(record.body)) as { reason: EndReason }).reason;
      else if (source !== undefined) hand(source, record);
      else {
        opening.push(record);
        if (record.kind !== 'init') return;
        source = sourceOf(answer, opening, aheadMs);
        done(source);
      }
    };
    const read = recordReader(take);
    answer.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch {
        answer.destroy();
      }
    });
    answer.on('error', () => {});
    answer.once('close', () => {
      forget();
      clearTimeout(source?.linger);
      done('not_pulled');
      for (const listener of source?.listeners ?? []) listener.end(reason);
    });
  });
}

function sourceOf(answer: IncomingMessage, opening: readonly StoredRecord[], aheadMs: number): Source {
  const start = JSON.parse(String(opening[0]?.body)) as StreamStart;
  const listeners = new Set<Listener>();
  return {
    start,
    opening,
    group: [],
    groupBytes: 0,
    listeners,
    holders: 0,
    answer,
    aheadMs,
    linger: undefined,
  };
}

function hand(source: Source, record: StoredRecord): void {
  const isKey = record.kind === 'key';
  if (isKey) {
    source.group = [];
    source.groupBytes = 0;
  }
  if (isKey || source.group.length > 0) {
    source.group.push(record);
    source.groupBytes += record.body.length;
    if (source.groupBytes > MOST_GROUP_BYTES) source.group = [];
  }
  for (const listener of source.listeners) listener.record(record, source.aheadMs);
}

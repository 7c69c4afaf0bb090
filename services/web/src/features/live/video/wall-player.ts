import { query } from '../../../api/client.ts';
import { type LiveChannel, openChannel, streamClock } from './channel.ts';
import { lineSpeed } from './line-speed.ts';
import { whyNot } from './live-source.ts';
import {
  againMs,
  type LivePlayer,
  type LiveState,
  lasts,
  type NoVideo,
  noVideo,
  Refused,
} from './live-state.ts';
import { openStream } from './open-stream.ts';
import { type LiveRecord, readRecords } from './records.ts';

/** Milliseconds in which what comes and goes is gathered: a wall is opened once, not once a tile. */
const GATHER_MS = 250;
/** Any H.265: what decides is whether the browser knows it at all. */
const HEVC = 'hvc1.1.6.L93.B0';

export interface WallPlayer {
  /** Codes of the wall's cameras: when there are too many videos, the last go without. */
  arrange(codes: readonly string[]): void;
  /** Shows a camera of the wall from now on. */
  show(code: string, video: HTMLVideoElement, onState: (state: LiveState) => void): LivePlayer;
  close(): void;
}

interface Tile {
  code: string;
  channel: LiveChannel;
  /** Why it is not asked for any more. */
  refused: NoVideo | undefined;
  onState: (state: LiveState) => void;
}

/**
 * The videos of all cameras in sight over one connection: browsers have six to a host. Opened anew when other cameras come into sight;
 * those that were there go on without a break. Nothing is read while the page is hidden.
 */
export function createWallPlayer(): WallPlayer {
  const tiles = new Set<Tile>();
  const clock = streamClock();
  let order: readonly string[] = [];
  let asked: AbortController | undefined;
  let timer: number | undefined;
  let tries = 0;
  let mbits: number | undefined;

  const fail = (tile: Tile, said: NoVideo): void => {
    const why = said === 'limit' && mbits !== undefined ? 'slow' : said;
    if (lasts(why) && said !== 'limit') tile.refused = why;
    if (lasts(why)) tile.channel.close();
    // What is on the screen stays, and ages in plain sight.
    if (!tile.channel.shows()) tile.onState({ state: 'none', why });
  };
  const take = (tile: Tile, record: LiveRecord): void => {
    if (record.kind === 'end') fail(tile, noVideo(record.reason));
    if (record.kind === 'end' || tile.refused !== undefined) return;
    try {
      tile.channel.take(record);
    } catch (error) {
      fail(tile, error instanceof Refused ? error.why : 'failed');
    }
  };
  const open = (afterMs: number): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void run(), afterMs);
  };
  const run = async (): Promise<void> => {
    asked?.abort();
    if (document.hidden) return;
    const shown = [...tiles]
      .filter(({ refused }) => refused === undefined)
      .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
    if (shown.length === 0) return;
    const mine = new AbortController();
    asked = mine;
    const speed = lineSpeed();
    let why: NoVideo = 'failed';
    try {
      const cameras = shown.map(({ code }) => code).join(',');
      const hevc = whyNot(HEVC) === undefined;
      const stream = await openStream(
        `/live/wall-video${query({ cameras, hevc: String(hevc), mbits })}`,
        mine.signal,
      );
      await readRecords(
        stream,
        (record, place) => {
          const lateMs = clock.read(record.times.sentMs);
          const tile = shown[place];
          if (tile !== undefined) take(tile, record);
          if (record.kind !== 'fragment') return;
          tries = 0;
          const less = speed.came(performance.now(), record.bytes.length, lateMs);
          if (less === undefined) return;
          // What is under way is old: let go of it, and ask for what the line carries.
          mbits = Math.round(less * 10) / 10;
          open(0);
        },
        1,
      );
      // Ended by itself: no camera of it can show video.
      return;
    } catch (error) {
      if (error instanceof Refused) why = error.why;
    }
    if (mine.signal.aborted) return;
    for (const tile of shown) fail(tile, why);
    if (lasts(why)) return;
    open(againMs(tries));
    tries += 1;
  };
  const turn = (): void => {
    mbits = undefined;
    if (document.hidden) asked?.abort();
    else open(0);
  };
  document.addEventListener('visibilitychange', turn);

  return {
    arrange(codes) {
      order = codes;
    },
    show(code, video, onState) {
      const channel = openChannel(video, clock, () => open(GATHER_MS));
      const tile: Tile = { code, channel, refused: undefined, onState };
      const playing = (): void => onState({ state: 'playing', sub: false });
      video.addEventListener('playing', playing);
      tiles.add(tile);
      open(GATHER_MS);
      return {
        takenMs: channel.takenMs,
        momentMs: channel.momentMs,
        stop() {
          video.removeEventListener('playing', playing);
          channel.close();
          tiles.delete(tile);
          open(GATHER_MS);
        },
      };
    },
    close() {
      clearTimeout(timer);
      asked?.abort();
      document.removeEventListener('visibilitychange', turn);
    },
  };
}

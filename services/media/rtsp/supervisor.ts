import type { MediaPacket } from '../packet.ts';
import { type Clock, systemClock } from './clock.ts';
import { CameraLink, type LinkState } from './link.ts';
import { openRtspSession, type RtspSessionStats } from './session.ts';

export type { LinkState } from './link.ts';

/** A camera to be pulled. */
export interface CameraAddress {
  id: string;
  /** rtsp:// with user and password. */
  url: string;
}

export interface SupervisorOptions {
  /** Packets of a camera, from a keyframe on. Called synchronously; must not throw. */
  onPacket: (cameraId: string, packet: MediaPacket) => void;
  /** Changes of a camera's connection: connecting → online or offline → connecting … Must not throw. */
  onState: (cameraId: string, state: LinkState) => void;
  connectTimeoutMs?: number;
  readTimeoutMs?: number;
  /** For tests. */
  open?: typeof openRtspSession;
  clock?: Clock;
  /** 0..1. */
  random?: () => number;
}

/** One supervised camera. */
interface Entry {
  url: string;
  link: CameraLink;
}

/** Owns the restarts of all cameras of a process. No camera's fault or change touches another. */
export class RtspSupervisor {
  readonly #options: SupervisorOptions;
  readonly #cameras = new Map<string, Entry>();
  /** Former links that still close, by camera: a new one waits for them. */
  readonly #leaving = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Makes exactly these cameras supervised: adds, changes and removes as needed. */
  set(cameras: readonly CameraAddress[]): void {
    const wanted = new Set(cameras.map(({ id }) => id));
    for (const id of [...this.#cameras.keys()]) if (!wanted.has(id)) this.remove(id);
    for (const camera of cameras) this.add(camera);
  }

  /** Adds a camera, or changes its address (reconnects at once); does nothing when it is supervised with this address. */
  add({ id, url }: CameraAddress): void {
    if (this.#closed || this.#cameras.get(id)?.url === url) return;
    this.remove(id);
    const { onPacket, onState, connectTimeoutMs, readTimeoutMs } = this.#options;
    const link = new CameraLink(
      {
        url,
        onPacket: (packet) => onPacket(id, packet),
        onState: (state) => onState(id, state),
        open: this.#options.open ?? openRtspSession,
        clock: this.#options.clock ?? systemClock,
        random: this.#options.random ?? Math.random,
        ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
        ...(readTimeoutMs === undefined ? {} : { readTimeoutMs }),
      },
      this.#leaving.get(id) ?? Promise.resolve(),
    );
    this.#cameras.set(id, { url, link });
  }

  /** Stops pulling a camera. No event of it follows. */
  remove(id: string): void {
    const entry = this.#cameras.get(id);
    if (entry === undefined) return;
    this.#cameras.delete(id);
    const leaving = entry.link.stop().then(() => {
      if (this.#leaving.get(id) === leaving) this.#leaving.delete(id);
    });
    this.#leaving.set(id, leaving);
  }

  /** State of every supervised camera. */
  states(): Map<string, LinkState> {
    return new Map([...this.#cameras].map(([id, { link }]) => [id, link.state]));
  }

  /** Counters of a camera's open session; null without one. */
  stats(id: string): Readonly<RtspSessionStats> | null {
    return this.#cameras.get(id)?.link.stats ?? null;
  }

  /** Stops all; resolves when every connection is closed. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const id of [...this.#cameras.keys()]) this.remove(id);
    await Promise.all(this.#leaving.values());
  }
}

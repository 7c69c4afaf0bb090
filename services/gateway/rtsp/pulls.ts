import { createSealer } from '../../db/seal.ts';
import type { MediaPacket } from '../../media/packet.ts';
import { PacketRing } from '../../media/ring.ts';
import { type LinkState, RtspSupervisor } from '../../media/rtsp/supervisor.ts';
import type { GatewayParts } from '../context.ts';
import { causeOf, causeOfTimeout } from './cause.ts';

/** What is kept of each camera: enough for a clip when the worker asks for it half a minute later. */
const RING = { maxMs: 40_000, maxBytes: 16 * 1024 * 1024 };

/** Who wants a camera's packets as they come. Must not throw. */
export interface Follower {
  packet(packet: MediaPacket): void;
  /** No packet follows: the camera is not pulled here any more, or under another address. */
  end(): void;
}

/** One RTSP camera being pulled. */
export interface Pull {
  readonly ring: PacketRing;
  /** Wall clock of the newest picture received, Unix milliseconds; 0 before the first. */
  newestMs: number;
  /** The keyframe that was decoded last: none is decoded twice. */
  usedKeyframe: MediaPacket | undefined;
  /** Keyframes came, but could not be decoded. */
  undecodable: boolean;
  readonly followers: Set<Follower>;
}

export interface Pulls {
  readonly all: ReadonlyMap<string, Pull>;
  /** Makes exactly these cameras pulled. */
  set(cameraIds: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** Keeps the connections to RTSP cameras, and what they sent last. */
export function createPulls(parts: GatewayParts): Pulls {
  const sealer = createSealer(parts.config.secretKey);
  const pulls = new Map<string, Pull>();
  const addresses = new Map<string, string>();

  const onPacket = (cameraId: string, packet: MediaPacket): void => {
    const pull = pulls.get(cameraId);
    if (pull === undefined) return;
    pull.ring.push(packet);
    pull.newestMs = Math.max(pull.newestMs, packet.wallMs);
    for (const follower of pull.followers) follower.packet(packet);
    if (!packet.key || pull.undecodable) return;
    const at = parts.now();
    parts.watches.of(cameraId).sawFrame(at);
    parts.pictures.saw(cameraId, at);
  };
  const refine = async (cameraId: string, url: string, first: string): Promise<void> => {
    const cause = await causeOfTimeout(url);
    const watch = parts.watches.of(cameraId);
    if (addresses.get(cameraId) === url && watch.fault === first) watch.fault = cause;
  };
  const onState = (cameraId: string, link: LinkState): void => {
    const watch = parts.watches.of(cameraId);
    if (link.state === 'online') watch.fault = '';
    if (link.state === 'offline') {
      watch.fault = causeOf(link);
      const url = addresses.get(cameraId);
      if (link.cause === 'timeout' && url !== undefined) void refine(cameraId, url, watch.fault);
      parts.log.info({ cameraId, cause: link.cause, retryInMs: link.retryInMs }, 'no stream');
    }
  };
  const supervisor = new RtspSupervisor({
    onPacket,
    onState,
    clock: {
      now: () => parts.now().getTime(),
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    },
  });

  /** The address in clear, undefined when it cannot be opened. */
  const addressOf = (cameraId: string): string | undefined => {
    const sealed = parts.registry.cameras.get(cameraId)?.record.rtspUrlSealed;
    if (!sealed) return undefined;
    try {
      return sealer.open(sealed);
    } catch (error) {
      parts.watches.of(cameraId).fault = 'the address cannot be opened: MINGZAO_SECRET_KEY was changed';
      parts.onError(error as Error);
      return undefined;
    }
  };
  const forget = (cameraId: string): void => {
    const pull = pulls.get(cameraId);
    pulls.delete(cameraId);
    for (const follower of pull?.followers ?? []) follower.end();
  };
  return {
    all: pulls,
    set(cameraIds) {
      for (const id of pulls.keys()) {
        if (cameraIds.has(id)) continue;
        forget(id);
        addresses.delete(id);
        parts.watches.forget(id);
      }
      const wanted: { id: string; url: string }[] = [];
      for (const id of cameraIds) {
        const url = addressOf(id);
        if (url === undefined) continue;
        if (addresses.get(id) !== url) {
          // Another address may be another camera: its pictures must not be mixed with those before.
          forget(id);
          pulls.set(id, {
            ring: new PacketRing(RING),
            newestMs: 0,
            usedKeyframe: undefined,
            undecodable: false,
            followers: new Set(),
          });
          addresses.set(id, url);
          parts.watches.forget(id);
        }
        wanted.push({ id, url });
      }
      supervisor.set(wanted);
    },
    close: () => supervisor.close(),
  };
}

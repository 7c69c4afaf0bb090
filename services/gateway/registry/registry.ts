import { loadDisabledCameras } from '../../db/camera-seen.ts';
import type { Database } from '../../db/database.ts';
import { listen } from '../../db/listen.ts';
import { type GatewayRecord, loadCameras, loadGateways, loadRules } from '../../db/registry.ts';
import { type ParsedTopic, prefixOf } from '../../domain/topics.ts';
import { Refusal } from '../refusals/reasons.ts';
import { type CameraEntry, cameraEntry } from './entry.ts';

const RETRY_MS = 1_000;
/** Changes come in bursts (an import of thousands): read once for all that come within this time. */
const SETTLE_MS = 100;

interface Snapshot {
  cameras: ReadonlyMap<string, CameraEntry>;
  byCode: ReadonlyMap<string, CameraEntry>;
  gateways: ReadonlyMap<string, GatewayRecord>;
  /** Codes of disabled and removed cameras, with their gateway. */
  disabled: ReadonlyMap<string, string | null>;
}

export interface Registry {
  /** All enabled cameras by id. */
  readonly cameras: ReadonlyMap<string, CameraEntry>;
  /** The gateway whose topics these are; undefined for one that was removed or moved meanwhile. */
  gatewayOf(topic: ParsedTopic): GatewayRecord | undefined;
  /** @throws Refusal `unknown_camera`, `disabled_camera` or `bad_topic` */
  cameraOf(gateway: GatewayRecord, topic: ParsedTopic): CameraEntry;
  /** Resolves when everything was read once. */
  readonly loaded: Promise<void>;
  /** `listener` runs after every reading that follows. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

async function read(db: Database): Promise<Snapshot> {
  const [records, rules, gateways, disabled] = await Promise.all([
    loadCameras(db),
    loadRules(db),
    loadGateways(db),
    loadDisabledCameras(db),
  ]);
  const entries = records.map((record) => cameraEntry(record, rules));
  return {
    cameras: new Map(entries.map((entry) => [entry.record.id, entry])),
    byCode: new Map(entries.map((entry) => [entry.record.code, entry])),
    gateways: new Map(gateways.map((gateway) => [gateway.code, gateway])),
    disabled: new Map(disabled.map((camera) => [camera.code, camera.gatewayId])),
  };
}

/** Cameras, gateways and rules in memory, read again whenever one of them changes. */
export function openRegistry(options: {
  db: Database;
  databaseUrl: string;
  onError: (error: Error) => void;
}): Registry {
  let now: Snapshot = { cameras: new Map(), byCode: new Map(), gateways: new Map(), disabled: new Map() };
  const listeners: (() => void)[] = [];
  const loaded = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  let reading = false;
  let closed = false;

  const readSoon = (waitMs: number): void => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (reading) return readSoon(SETTLE_MS);
      reading = true;
      read(options.db)
        .then(
          (snapshot) => {
            now = snapshot;
            loaded.resolve();
            if (!closed) for (const listener of listeners) listener();
          },
          (error: Error) => {
            if (closed) return;
            options.onError(error);
            readSoon(RETRY_MS);
          },
        )
        .finally(() => {
          reading = false;
        });
    }, waitMs);
  };
  const listener = listen(
    options.databaseUrl,
    ['mingzao_registry'],
    () => readSoon(SETTLE_MS),
    options.onError,
  );
  return {
    get cameras() {
      return now.cameras;
    },
    loaded: loaded.promise,
    gatewayOf(topic) {
      const gateway = now.gateways.get(topic.code);
      return gateway !== undefined && prefixOf(gateway) === prefixOf(topic) ? gateway : undefined;
    },
    cameraOf(gateway, topic) {
      const { camera: code } = topic;
      if (code === undefined) throw new Refusal('bad_topic', `${topic.kind} without a camera in its topic`);
      const entry = now.byCode.get(code);
      if (entry?.record.gatewayId === gateway.id) return entry;
      if (now.disabled.get(code) === gateway.id) {
        throw new Refusal('disabled_camera', `${code}: the camera is switched off or removed`);
      }
      throw new Refusal('unknown_camera', `${code.slice(0, 80)}: this gateway has no such camera`);
    },
    onChange: (run) => void listeners.push(run),
    async close() {
      closed = true;
      clearTimeout(timer);
      await listener.close();
    },
  };
}

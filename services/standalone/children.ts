/** Which processes standalone runs, and the environment each gets. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config/config.ts';
import type { ChildSpec } from './supervisor.ts';

/** What standalone has settled before the children start. */
export interface Settled {
  databaseUrl: string;
  mqttUrl: string;
  mqttUsername: string | undefined;
  mqttPassword: string | undefined;
  /** 32 bytes as hex digits. */
  secretKey: string;
  port: number;
  mqttPort: number;
  publicUrl: string;
}

export interface Children {
  /** Started before and stopped after the others: empty when MQTT_URL names a broker. */
  broker: ChildSpec[];
  services: ChildSpec[];
}

/** FFmpeg's sessions each hold a thread of libuv's pool; with the usual 4, many cameras dead-lock. */
const GATEWAY_THREADS = '128';

/** The environment that the children share: ours, with what standalone has settled. */
export function childEnv(config: Config, settled: Settled, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...own,
    DATABASE_URL: settled.databaseUrl,
    MQTT_URL: settled.mqttUrl,
    MQTT_USERNAME: settled.mqttUsername,
    MQTT_PASSWORD: settled.mqttPassword,
    OBJECT_STORE_URL: own.OBJECT_STORE_URL || pathToFileURL(join(config.dataDir, 'objects')).href,
    MINGZAO_SECRET_KEY: settled.secretKey,
    MINGZAO_DATA_DIR: config.dataDir,
    MINGZAO_MODELS_DIR: config.modelsDir,
    MINGZAO_PORT: String(settled.port),
    MINGZAO_MQTT_PORT: String(settled.mqttPort),
    MINGZAO_PUBLIC_URL: settled.publicUrl,
    // onnxruntime reports its use to its maker unless told not to; nothing may leave this machine unasked.
    ORT_DISABLE_TELEMETRY: '1',
  };
  delete env.MINGZAO_ADMIN_PASSWORD;
  return env;
}

export function childrenOf(repoDir: string, config: Config, env: NodeJS.ProcessEnv): Children {
  const child = (name: string, entry: string, more: NodeJS.ProcessEnv = {}): ChildSpec => ({
    name,
    entry: join(repoDir, entry),
    env: { ...env, ...more },
  });
  const detection = Array.from({ length: config.workers }, (_, index) =>
    child(config.workers === 1 ? 'detection' : `detection-${index + 1}`, 'workers/detection/main.ts'),
  );
  return {
    broker: config.mqttUrl === undefined ? [child('broker', 'services/gateway/broker-main.ts')] : [],
    services: [
      child('gateway', 'services/gateway/main.ts', { UV_THREADPOOL_SIZE: GATEWAY_THREADS }),
      ...detection,
      child('deadlines', 'workers/deadlines/main.ts'),
      child('edge', 'workers/edge/main.ts'),
      child('outbox', 'workers/outbox/main.ts'),
      child('redaction', 'workers/redaction/main.ts'),
      child('retention', 'workers/retention/main.ts'),
      child('api', 'services/api/main.ts'),
    ],
  };
}

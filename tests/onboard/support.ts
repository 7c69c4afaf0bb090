/** A gateway beside the page's API: the same database, key and object store, as one installation. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { readServiceConfig } from '../../services/config/config.ts';
import { startBrokerProcess } from '../../services/gateway/broker-context.ts';
import { startGateway } from '../../services/gateway/gateway.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { rawFrame } from '../../services/media/raw-frame.ts';
import { type RtspServer, startRtspServer } from '../../tools/rtsp-server/start.ts';
import type { Api } from '../api/support.ts';
import { FRAME, sceneView } from '../web/support/scenes.ts';

const FRAMES_PER_S = 5;

export async function startGatewayOf(api: Api): Promise<{ stop(): Promise<void> }> {
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const env = {
    DATABASE_URL: api.databaseUrl,
    MQTT_URL: 'mqtt://127.0.0.1:1',
    MQTT_USERNAME: 'mingzao',
    MQTT_PASSWORD: 'of-the-service',
    OBJECT_STORE_URL: `file://${api.folder}`,
    MINGZAO_SECRET_KEY: api.context.config.secretKey.toString('hex'),
    MINGZAO_MQTT_PORT: '0',
    MINGZAO_LOG_LEVEL: 'silent',
  };
  const broker = await startBrokerProcess(readServiceConfig(env), { log });
  const config = readServiceConfig({ ...env, MQTT_URL: `mqtt://127.0.0.1:${broker.broker.port}` });
  const gateway = await startGateway(config, { log }, { env: { UV_THREADPOOL_SIZE: '64' } });
  return {
    async stop() {
      await gateway.stop();
      await broker.close();
    },
  };
}

/** An RTSP camera over a photograph of a kitchen's people, behind a password. */
export async function startKitchenCamera(options: {
  photograph: number;
  seconds: number;
  user: string;
  password: string;
}): Promise<RtspServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-kitchen-'));
  const file = join(folder, 'kitchen.mp4');
  const frames: ReturnType<typeof rawFrame>[] = [];
  for (let i = 0; i < 10; i += 1) frames.push(rawFrame(await sceneView(options.photograph, i / 10), FRAME));
  const pictures = Array.from(
    { length: options.seconds * FRAMES_PER_S },
    (_, i) => frames[i % frames.length] ?? rawFrame(new Uint8Array(), FRAME),
  );
  await encodeVideo(file, pictures, { framesPerS: FRAMES_PER_S, gopS: 1, codec: 'h264' });
  const server = await startRtspServer({
    mounts: { '/Streaming/Channels/101': file },
    user: options.user,
    password: options.password,
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

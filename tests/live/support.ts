/** Cameras by real RTSP, a gateway in a process of its own, and the records of a live video read back. */
import { pathToFileURL } from 'node:url';
import type { Api } from '../api/support.ts';
import { cleanEnv, startProcess, type TestProcess } from '../support/process.ts';

/** Of one test: killed with it. @param threads of libuv's pool: each camera and each sub-stream holds one */
export function startGatewayProcess(api: Api, threads = 32): TestProcess {
  return startProcess(process.execPath, ['services/gateway/main.ts'], {
    env: cleanEnv({
      DATABASE_URL: api.databaseUrl,
      MQTT_URL: 'mqtt://127.0.0.1:1',
      OBJECT_STORE_URL: pathToFileURL(api.folder).href,
      MINGZAO_SECRET_KEY: api.context.config.secretKey.toString('hex'),
      MINGZAO_LOG_LEVEL: 'info',
      UV_THREADPOOL_SIZE: String(threads),
    }),
  });
}

/** Lets a camera be pulled from `url`. */
export async function makeRtsp(api: Api, cameraId: string, url: string): Promise<void> {
  await api.context.db
    .updateTable('camera')
    .set({
      source: 'rtsp',
      gateway_id: null,
      rtsp_url_sealed: api.context.sealer.seal(url),
      look_interval_s: 5,
    })
    .where('id', '=', cameraId)
    .execute();
}

/** The camera sends pictures, and its state says so. */
export async function isOnline(api: Api, cameraId: string, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    const row = await api.context.db
      .selectFrom('camera_status')
      .select('state')
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();
    if (row?.state === 'online') return;
    if (performance.now() > end) throw new Error(`the camera is ${row?.state ?? 'unknown'}, not online`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export interface LiveRecord {
  kind: number;
  wallMs: number;
  endS: number;
  sentMs: number;
  body: Buffer;
  /** When it was read here. */
  readMs: number;
}

const HEAD = 29;

/** Records as they come. @param before bytes before each head: 1 on a wall, the place */
export async function* recordsOf(
  body: AsyncIterable<Uint8Array>,
  before = 0,
): AsyncGenerator<LiveRecord & { place: number }> {
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = rest.subarray(before);
      if (head.length < HEAD || head.length < HEAD + head.readUInt32BE(1)) break;
      const end = HEAD + head.readUInt32BE(1);
      yield {
        place: before === 0 ? 0 : rest.readUInt8(0),
        kind: head.readUInt8(0),
        wallMs: head.readDoubleBE(5),
        endS: head.readDoubleBE(13),
        sentMs: head.readDoubleBE(21),
        body: head.subarray(HEAD, end),
        readMs: Date.now(),
      };
      rest = rest.subarray(before + end);
    }
  }
}

import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run replay -- FILE --camera NAME [options]

Plays a video, an animated GIF or a folder of pictures (consecutive frames) into a running Mingzao, as the MQTT gateway of
a registered camera would, in real time.

FILE               video file, GIF, folder of JPEG/PNG/WebP pictures, or rtsp://…
  --camera NAME    code or name of a registered MQTT camera
  --fps N          pictures a second (default 1); a folder is played at this speed
  --looks          send looks (CBOR, 5 pictures over 6 s) instead of raw frames
  --loop           start again at the end, until Ctrl-C
  --mqtt URL       the broker (default: MQTT_URL, else the embedded one of this machine)
  --gateway CODE   sign in as this gateway instead of with Mingzao's own account; needs --password
  --password TEXT  its secret
  --prefix TOPIC   mk/v1/{region}/{merchant}/{gateway}, where the database is out of reach; --camera is then the code

Without --prefix the camera is looked up in the database: DATABASE_URL, else the embedded one in MINGZAO_DATA_DIR.

Exit status: 0 done, 1 failed (one line says why), 2 wrong usage.
`;

export interface Options {
  source: string;
  camera: string;
  fps: number;
  looks: boolean;
  loop: boolean;
  mqtt: string | undefined;
  account: { username: string; password: string } | undefined;
  prefix: string | undefined;
}

/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

const FLAGS = {
  camera: { type: 'string' },
  fps: { type: 'string', default: '1' },
  looks: { type: 'boolean', default: false },
  loop: { type: 'boolean', default: false },
  mqtt: { type: 'string' },
  gateway: { type: 'string' },
  password: { type: 'string' },
  prefix: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; `undefined` means that help was asked for. @throws UsageError */
export function readOptions(args: string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw new UsageError('exactly one FILE is needed');
  if (!values.camera) throw new UsageError('--camera is needed');
  const fps = Number(values.fps);
  if (!(fps > 0 && fps <= 25)) throw new UsageError('--fps must be a number above 0, up to 25');
  const { gateway, password } = values;
  if ((gateway === undefined) !== (password === undefined)) {
    throw new UsageError('--gateway and --password go together');
  }
  if (values.prefix !== undefined && !/^mk\/v1(\/[^/+#]+){3}$/.test(values.prefix)) {
    throw new UsageError('--prefix must be mk/v1/{region}/{merchant}/{gateway}');
  }
  return {
    source,
    camera: values.camera,
    fps,
    looks: values.looks,
    loop: values.loop,
    mqtt: values.mqtt,
    account: gateway !== undefined && password !== undefined ? { username: gateway, password } : undefined,
    prefix: values.prefix,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0] ?? 'wrong usage');
  }
}

import { join } from 'node:path';
import { type Config, urlHost } from '../../services/config/config.ts';
import { openDatabase } from '../../services/db/database.ts';
import { loadCameras, loadGateways } from '../../services/db/registry.ts';
import { prefixOf } from '../../services/domain/topics.ts';
import { kept, ownDatabase } from '../lib/own-database.ts';
import type { Options } from './usage.ts';

/** Where the pictures go. */
export interface Target {
  mqttUrl: string;
  username: string;
  password: string;
  /** mk/v1/{region}/{merchant}/{gateway} */
  prefix: string;
  /** The camera's code. */
  camera: string;
  /** For reading what was refused; undefined where the database is out of reach. */
  databaseUrl: string | undefined;
  gatewayId: string | undefined;
}

const LISTED = 12;

/** Finds broker, account and camera. @throws Error with a line that says what is missing */
export async function findTarget(options: Options, config: Config): Promise<Target> {
  const mqttUrl = options.mqtt ?? config.mqttUrl ?? `mqtt://${urlHost(config.host)}:${config.mqttPort}`;
  const account = options.account ?? (await ownAccount(config));
  if (options.prefix !== undefined) {
    const { prefix, camera } = options;
    return { mqttUrl, ...account, prefix, camera, databaseUrl: undefined, gatewayId: undefined };
  }
  const databaseUrl = await ownDatabase(config);
  const database = openDatabase(databaseUrl, { max: 1, name: 'mingzao replay' });
  try {
    const cameras = (await loadCameras(database.db)).filter((camera) => camera.source === 'mqtt');
    const camera =
      cameras.find(({ code }) => code === options.camera) ??
      cameras.find(({ name }) => name === options.camera);
    if (camera === undefined) throw new Error(unknownCamera(options.camera, cameras));
    const gateway = (await loadGateways(database.db)).find(({ id }) => id === camera.gatewayId);
    if (gateway === undefined) throw new Error(`the camera ${camera.code} has no gateway`);
    if (options.account !== undefined && options.account.username !== gateway.code) {
      throw new Error(`the camera ${camera.code} belongs to the gateway ${gateway.code}`);
    }
    const found = { prefix: prefixOf(gateway), camera: camera.code, databaseUrl, gatewayId: gateway.id };
    return { mqttUrl, ...account, ...found };
  } finally {
    await database.close();
  }
}

function unknownCamera(wanted: string, cameras: readonly { code: string; name: string }[]): string {
  if (cameras.length === 0) return 'no MQTT camera is registered';
  const known = cameras.slice(0, LISTED).map(({ code, name }) => `${code} (${name})`);
  const more = cameras.length > LISTED ? `, and ${cameras.length - LISTED} more` : '';
  return `no MQTT camera ${wanted}; there are ${known.join(', ')}${more}`;
}

/** Mingzao's own account: of the environment, else the one that standalone keeps. */
async function ownAccount(config: Config): Promise<{ username: string; password: string }> {
  const username = config.mqttUsername ?? 'mingzao';
  const password = config.mqttPassword ?? (await kept(join(config.dataDir, 'mqtt.password')));
  if (password !== undefined) return { username, password };
  throw new Error('no account for the broker: is Mingzao running here? Else give --gateway and --password');
}

/** `npm run mqtt:acl -- --format mosquitto|emqx --out DIR`: access lists for a broker of your own, from the registry. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { readConfig } from '../../services/config/config.ts';
import { openDatabase } from '../../services/db/database.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { loadGateways } from '../../services/db/registry.ts';
import { emqxFiles } from './emqx.ts';
import { mosquittoFiles } from './mosquitto.ts';

/** Password hashes: for the broker's account and nobody else. */
const MODE = 0o640;

const command = new Command('mqtt:acl')
  .description(
    "Writes a broker's password and access files from the registry. Run it again when gateways change.",
  )
  .addOption(new Option('--format <broker>').choices(['mosquitto', 'emqx']).makeOptionMandatory())
  .requiredOption('--out <folder>', 'where the files go; made when missing')
  .parse();
const { format, out } = command.opts<{ format: 'mosquitto' | 'emqx'; out: string }>();

try {
  const { databaseUrl, mqttUsername, mqttPassword } = readConfig(process.env);
  if (databaseUrl === undefined || mqttUsername === undefined || mqttPassword === undefined) {
    throw new Error('DATABASE_URL, MQTT_USERNAME and MQTT_PASSWORD must be set');
  }
  const database = openDatabase(databaseUrl, { max: 1, name: 'mingzao mqtt-acl' });
  const gateways = await loadGateways(database.db).finally(() => database.close());
  const service = { username: mqttUsername, secretHash: await hashGatewaySecret(mqttPassword) };
  const files = (format === 'mosquitto' ? mosquittoFiles : emqxFiles)(gateways, service);
  await mkdir(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(out, name), text, { mode: MODE });
  const enabled = gateways.filter((gateway) => gateway.enabled).length;
  process.stdout.write(`${Object.keys(files).join(', ')} for ${enabled} gateways in ${out}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

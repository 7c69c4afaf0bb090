/** Runs `npm run mqtt:acl` and reads what it wrote. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const SERVICE = { username: 'mingzao', password: 'of-the-service' };

export async function generateAcl(
  databaseUrl: string,
  format: 'mosquitto' | 'emqx',
  out: string,
): Promise<{ said: string; files: Record<string, string> }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['tools/mqtt-acl/main.ts', '--format', format, '--out', out],
    {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        MQTT_USERNAME: SERVICE.username,
        MQTT_PASSWORD: SERVICE.password,
      },
    },
  );
  const names = await readdir(out);
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(out, name), 'utf8')] as const),
  );
  return { said: stdout, files: Object.fromEntries(files) };
}

/** A real Mosquitto with our generated files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/sbin/mosquitto';

export interface Mosquitto {
  url: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @param files password_file and acl_file as text */
export async function startMosquitto(files: Record<string, string>): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-mosquitto-'));
  // Started as root, Mosquitto gives its rights up before it reads these.
  await chmod(folder, 0o755);
  const port = await freePort();
  for (const name of ['password_file', 'acl_file']) await writeFile(join(folder, name), files[name] ?? '');
  const conf = (files['mosquitto.conf'] ?? '')
    .replaceAll('/etc/mosquitto/', `${folder}/`)
    .replace('persistence true', 'persistence false');
  await writeFile(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\n${conf}`);
  const child: ChildProcess = spawn(PROGRAM, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'pipe' });
  const lines: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ended = once(child, 'exit');
  for (let open = false; !open; ) {
    if (child.exitCode !== null) throw new Error(`Mosquitto did not start: ${lines.join('')}`);
    open = await new Promise<boolean>((done) => {
      const probe = connect(port, '127.0.0.1', () => {
        probe.destroy();
        done(true);
      });
      probe.on('error', () => setTimeout(() => done(false), 20));
    });
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

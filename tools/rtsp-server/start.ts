import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's own interpreter: the gi bindings belong to it, and another python3 may come first on PATH. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = resolve(import.meta.dirname, 'rtsp_server.py');
const READY_WITHIN_MS = 30_000;

export interface RtspServerOptions {
  /** TCP port on 127.0.0.1; 0 or absent takes a free one. */
  port?: number;
  /** Path of the address ('/kitchen') → MP4 file. */
  mounts: Readonly<Record<string, string>>;
  /** With a user every request needs basic authentication. */
  user?: string;
  password?: string;
}

export interface RtspServer {
  port: number;
  /** rtsp://127.0.0.1:PORT/path, with the account when the server has one. */
  url(path: string): string;
  /** Ends the server and its connections; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>;
}

const NEEDS: readonly { probe: string; packages: string }[] = [
  { probe: 'import gi', packages: 'python3-gi' },
  {
    probe: 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer',
    packages: 'gir1.2-gst-rtsp-server-1.0',
  },
  { probe: elementProbe('qtdemux', 'rtph264pay', 'rtph265pay'), packages: 'gstreamer1.0-plugins-good' },
  { probe: elementProbe('h264parse', 'h265parse'), packages: 'gstreamer1.0-plugins-bad' },
  { probe: elementProbe('appsrc', 'typefind'), packages: 'gstreamer1.0-plugins-base' },
];

/** null when GStreamer's RTSP server can run here, else one line that says which Debian packages to install. */
export function gstreamerMissing(): string | null {
  if (!probe('pass')) return `GStreamer's RTSP server needs ${PYTHON}: apt-get install python3`;
  const missing: string[] = [];
  for (const need of NEEDS) if (!probe(need.probe)) missing.push(need.packages);
  if (missing.length === 0) return null;
  return `GStreamer's RTSP server is not complete: apt-get install ${missing.join(' ')}`;
}

/**
 * Serves MP4 files (H.264 or H.265) as RTSP cameras. Every client gets the file from its beginning, at its own pace; it
 * does not loop. Throws when GStreamer is missing, a file cannot be served, or the port is taken.
 */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const missing = gstreamerMissing();
  if (missing !== null) throw new Error(missing);
  const child = spawn(PYTHON, [SCRIPT, JSON.stringify(scriptConfig(options))], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const port = await readyPort(child);
  const account = options.user
    ? `${encodeURIComponent(options.user)}:${encodeURIComponent(options.password ?? '')}@`
    : '';
  return {
    port,
    url: (path) => `rtsp://${account}127.0.0.1:${port}${path}`,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function scriptConfig(options: RtspServerOptions): object {
  const mounts = Object.entries(options.mounts).map(([path, file]) => [path, resolve(file)]);
  return { ...options, mounts: Object.fromEntries(mounts) };
}

/** Waits for the script's `ready PORT`; throws with its last line of stderr when it ends instead. */
async function readyPort(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the RTSP server was started without pipes');
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const late = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: stdout })) {
      const ready = /^ready (\d+)$/.exec(line);
      if (ready) return Number(ready[1]);
    }
  } finally {
    clearTimeout(late);
  }
  const reason = complaint.trim().split('\n').at(-1) || 'it ended without a word';
  throw new Error(`the RTSP server did not start: ${reason}`);
}

function probe(script: string): boolean {
  return spawnSync(PYTHON, ['-c', script], { stdio: 'ignore' }).status === 0;
}

function elementProbe(...elements: string[]): string {
  const names = JSON.stringify(elements);
  return `import gi,sys; gi.require_version("Gst","1.0"); from gi.repository import Gst; Gst.init(None); sys.exit(any(Gst.ElementFactory.find(e) is None for e in ${names}))`;
}

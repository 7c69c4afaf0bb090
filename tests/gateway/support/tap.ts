/** A wire between the gateway process and the broker that can be listened to and cut. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const PUBACK = 4;

export interface Tap {
  port: number;
  /** PUBACKs that the gateway has sent. */
  readonly pubacks: number;
  /** Connections that the gateway has made. */
  readonly connections: number;
  /** Breaks all connections; new ones are let through again. */
  cut(): void;
  close(): Promise<void>;
}

/** Fixed headers of the packets in a stream of bytes. */
function packetTypes(onType: (type: number) => void): (chunk: Buffer) => void {
  let header: number[] = [];
  let left = 0;
  return (chunk) => {
    for (let i = 0; i < chunk.length; ) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - i);
        left -= step;
        i += step;
        continue;
      }
      const byte = chunk[i] ?? 0;
      header.push(byte);
      i += 1;
      if (header.length === 1 || byte >= 0x80) continue;
      left = header.slice(1).reduce((sum, digit, n) => sum + (digit & 0x7f) * 128 ** n, 0);
      onType((header[0] ?? 0) >> 4);
      header = [];
    }
  };
}

export async function startTap(brokerPort: number): Promise<Tap> {
  let pubacks = 0;
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    connections += 1;
    const far = connect(brokerPort, '127.0.0.1');
    const listen = packetTypes((type) => {
      if (type === PUBACK) pubacks += 1;
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', listen);
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get pubacks() {
      return pubacks;
    },
    get connections() {
      return connections;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type OversizePublish, PacketFilter } from './packet-filter.ts';

/** PUBACK: type 4, two bytes packet identifier. */
export function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 0x02, messageId >> 8, messageId & 0xff]);
}

/**
 * A socket whose over-large packets never reach the broker. They are acknowledged here (their sender would repeat them for
 * ever) and reported.
 */
export class LimitedConnection extends Duplex {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #filter: PacketFilter;

  constructor(socket: Socket, limit: number, onOversize: (packet: OversizePublish) => void) {
    super({ allowHalfOpen: false });
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#socket = socket;
    this.#filter = new PacketFilter(limit, (packet) => {
      if (packet.qos === 2) {
        // QoS 2 wants a conversation of four packets about something that was thrown away.
        this.destroy(new Error(`a packet of ${packet.bytes} bytes is larger than ${limit}`));
      } else if (packet.qos === 1) {
        this.#socket.write(puback(packet.messageId));
      }
      onOversize(packet);
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  #take(chunk: Buffer): void {
    try {
      for (const part of this.#filter.pass(chunk)) if (!this.push(part)) this.#socket.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

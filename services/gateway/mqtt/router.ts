import { parseTopic } from '../../domain/topics.ts';
import type { GatewayParts } from '../context.ts';
import { isHopeless } from '../keep-trying.ts';
import { Refusal } from '../refusals/reasons.ts';
import type { Delivery } from './client.ts';
import { takeEvent } from './event.ts';
import { takeFrame } from './frame.ts';
import { takeLook } from './look.ts';
import { takePresence } from './presence.ts';

/**
 * Sends a message to who reads it. Resolves when it may be acknowledged: its work is committed, or it was refused and
 * counted. Rejects (Stopped) when it must come again.
 */
export function createRouter(parts: GatewayParts): (delivery: Delivery) => Promise<void> {
  /** Gateways whose kept messages were spoken of: they come again with every connection. */
  const told = new Set<string>();
  return async ({ topic: name, payload, maybeRepeated, retained }) => {
    const topic = parseTopic(name);
    const gateway = topic === undefined ? undefined : parts.registry.gatewayOf(topic);
    // Of a gateway that was removed or moved while its message waited: there is no page to show it on.
    if (topic === undefined || gateway === undefined) return;
    if (retained) {
      if (!told.has(gateway.id))
        parts.log.warn({ gateway: gateway.code, topic: name }, 'retained messages are let go');
      told.add(gateway.id);
      const detail = `${name.slice(0, 200)}: the broker kept it (retain), from any time; the box should not set retain`;
      return parts.refusals.count(gateway.id, 'retained', detail);
    }
    const at = parts.now();
    if (topic.kind !== 'death') parts.gateways.saw(gateway.id, at);

    const read = (): { key: string; replaceable: boolean; run: () => Promise<void> } => {
      switch (topic.kind) {
        case 'birth':
        case 'death':
        case 'status': {
          const { kind } = topic;
          return {
            key: gateway.id,
            replaceable: false,
            run: () => takePresence(parts, gateway, kind, payload),
          };
        }
        case 'frame': {
          const entry = parts.registry.cameraOf(gateway, topic);
          return {
            key: entry.record.id,
            replaceable: true,
            run: () => takeFrame(parts, entry, payload, at, maybeRepeated),
          };
        }
        case 'look': {
          const entry = parts.registry.cameraOf(gateway, topic);
          return { key: entry.record.id, replaceable: false, run: () => takeLook(parts, entry, payload) };
        }
        case 'event': {
          // Kept in their order: the end of a state must not overtake its beginning.
          const camera = topic.camera === undefined ? undefined : parts.registry.cameraOf(gateway, topic);
          const key = `${gateway.id}/event`;
          return { key, replaceable: false, run: () => takeEvent(parts, gateway, camera, payload) };
        }
        default:
          throw new Refusal('unsupported_format', `${topic.kind} is nothing that a gateway sends here`);
      }
    };
    try {
      const { key, ...task } = read();
      await parts.lanes.submit(key, task);
    } catch (error) {
      if (error instanceof Refusal) return parts.refusals.count(gateway.id, error.reason, error.message);
      if (!isHopeless(error)) throw error;
      parts.log.error({ err: error, topic: name }, 'a message that cannot be stored was let go');
      parts.refusals.count(gateway.id, 'bad_fields', `${name.slice(0, 200)}: ${(error as Error).message}`);
    }
  };
}

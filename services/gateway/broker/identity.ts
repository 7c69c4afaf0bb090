import type { GatewayRecord } from '../../db/registry.ts';
import { ALL_TOPICS, commandFilter, matches, prefixOf, publishFilters } from '../../domain/topics.ts';

/** Who a connection belongs to, settled when it signed in. */
export type Identity =
  | { kind: 'service' }
  | { kind: 'gateway'; record: GatewayRecord; prefix: string; publish: readonly string[] };

export function gatewayIdentity(record: GatewayRecord): Identity {
  const prefix = prefixOf(record);
  return { kind: 'gateway', record, prefix, publish: publishFilters(prefix) };
}

export function mayPublish(identity: Identity, topic: string): boolean {
  if (identity.kind === 'service') return matches(ALL_TOPICS, topic);
  return identity.publish.some((filter) => matches(filter, topic));
}

/** A filter is let through when everything it can match is: for a gateway, its commands and what lies below them. */
export function maySubscribe(identity: Identity, filter: string): boolean {
  if (identity.kind === 'service') return matches(ALL_TOPICS, filter);
  const commands = commandFilter(identity.prefix);
  return filter === commands || matches(commands, filter);
}

/** Whether a filter of ours, shared or plain, lets frames through. */
export function takesFrames(filter: string): boolean {
  return matches(filter.replace(/^\$share\/[^/]+\//, ''), 'mk/v1/any/any/any/frame');
}

/** Whether a connected gateway must go: removed, switched off, moved, or given another secret. In plain words, or null. */
export function reasonToLeave(identity: Identity, record: GatewayRecord | undefined): string | null {
  if (identity.kind === 'service') return null;
  if (record === undefined) return 'the gateway was removed';
  if (!record.enabled) return 'the gateway was disabled';
  if (record.secretHash !== identity.record.secretHash) return 'the gateway was given another password';
  if (prefixOf(record) !== identity.prefix) return "the gateway's topics have changed";
  return null;
}

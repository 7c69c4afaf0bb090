import type { GatewayRecord } from '../../db/registry.ts';
import { gatewayBorn, gatewayDied } from '../../db/status.ts';
import type { GatewayParts } from '../context.ts';
import { Refusal } from '../refusals/reasons.ts';

/**
 * Birth and death of a gateway: JSON `{"seq": whole number, …}`. The will of a connection carries the sequence of its birth,
 * so that the late death of an old connection does not end a new one.
 * @throws Refusal, Stopped
 */
export async function takePresence(
  parts: GatewayParts,
  gateway: GatewayRecord,
  kind: 'birth' | 'death' | 'status',
  payload: Buffer,
): Promise<void> {
  const message = readJson(payload, `${gateway.code}: ${kind}`);
  if (kind === 'status') return;
  const { seq } = message;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) {
    throw new Refusal('bad_fields', `${gateway.code}: seq of the ${kind} must be a whole number from 0`);
  }
  const change = kind === 'birth' ? gatewayBorn : gatewayDied;
  await parts.trying(() => change(parts.db, gateway, seq, parts.now()));
  parts.gateways.refreshSoon();
}

function readJson(payload: Buffer, what: string): Record<string, unknown> {
  if (payload.length > 64 * 1024) throw new Refusal('too_large', `${what}: ${payload.length} bytes`);
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new Refusal('bad_fields', `${what} must be a JSON object`);
}

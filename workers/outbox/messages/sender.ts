/** What every way of telling people has in common. */
import type { MessageItem } from '../../../services/db/notify/messages.ts';
import type { TargetAddress } from '../../../services/db/notify/targets.ts';
import type { VapidKeys } from '../../../services/db/notify/vapid.ts';
import { linkWords, type NoticeText } from '../../../services/domain/notice-text.ts';
import type { SmsRequest } from '../../../services/domain/sms-request.ts';
import {
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  type OutboundRequest,
} from '../../../services/outbound/request.ts';
import type { GatewayLine } from './gateway-line.ts';

export interface Sent {
  ok: boolean;
  /** HTTP status, or the code that a robot answered; null when there was no answer. */
  status: number | null;
  error: string;
  /** The address is no more. */
  gone?: boolean;
  /** Trying again can never help. */
  final?: boolean;
  /** Milliseconds to wait at least. */
  retryAfterMs?: number;
}

export interface SendTools {
  outbound: Outbound;
  now: () => Date;
  vapid: () => Promise<VapidKeys>;
  /** Where the operator is reached, for push services. */
  publicUrl: string;
  smsFor: (regionPath: string) => Promise<SmsRequest | undefined>;
  line: GatewayLine;
}

export type AddressOf<C extends TargetAddress['channel']> = Extract<TargetAddress, { channel: C }>;

/** Sends one message. Never throws: whatever goes wrong is its result in plain words. */
export type Sender<A> = (item: MessageItem, address: A, tools: SendTools) => Promise<Sent>;

/** Asks, and turns what the guard and the network say into a result. */
export async function asked(
  outbound: Outbound,
  request: OutboundRequest,
  read: (answer: OutboundAnswer) => Sent,
): Promise<Sent> {
  try {
    const answer = await outbound(request);
    const result = read(answer);
    const retryAfterMs = retryAfter(answer);
    return result.ok || retryAfterMs === undefined ? result : { ...result, retryAfterMs };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { ok: false, status: null, error: error.message };
  }
}

/** RFC 9110 §10.2.3, seconds only, an hour at most. */
function retryAfter({ headers }: OutboundAnswer): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

/** Title, lines and link as plain text of at most `mostBytes` octets of UTF-8; the link is never cut. */
export function plainText({ title, lines, link, language }: NoticeText, mostBytes: number): string {
  const end = `\n${linkWords(language)}${link}`;
  return cut([title, ...lines].join('\n'), mostBytes - Buffer.byteLength(end)) + end;
}

/** At most `mostBytes` octets, whole characters, with an ellipsis where something is missing. */
export function cut(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  let kept = '';
  let bytes = 3;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The answer's JSON object; empty when it is none. */
export function jsonOf({ body }: OutboundAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

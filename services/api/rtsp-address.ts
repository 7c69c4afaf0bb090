import type { Sealer } from '../db/seal.ts';
import { type Said, said } from '../domain/said.ts';

/** Host and port of a sealed RTSP address: all of it that is ever shown. Null when the key is not the one it was sealed with. */
export function rtspHost(sealer: Sealer, sealed: Buffer): string | null {
  try {
    return URL.parse(sealer.open(sealed))?.host ?? null;
  } catch {
    return null;
  }
}

/** What is wrong with an address, in words that do not repeat it; undefined when it is right. */
export function rtspProblem(url: string): Said | undefined {
  const parsed = URL.parse(url);
  const right = parsed !== null && /^rtsps?:$/.test(parsed.protocol) && parsed.hostname !== '';
  return right ? undefined : said('rtsp_address');
}

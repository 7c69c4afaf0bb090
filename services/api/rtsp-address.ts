import type { Sealer } from '../db/seal.ts';
import { type Said, said } from '../domain/said.ts';

/** A sealed RTSP address in parts. It holds the password: nothing that is answered takes more of it than its host and path. Null when the key is not the one it was sealed with. */
export function rtspAddress(sealer: Sealer, sealed: Buffer): URL | null {
  try {
    return URL.parse(sealer.open(sealed));
  } catch {
    return null;
  }
}

/** Host and port of a sealed RTSP address, as they were written: all of it that is ever shown. Null as above. */
export function rtspHost(sealer: Sealer, sealed: Buffer): string | null {
  return rtspAddress(sealer, sealed)?.host ?? null;
}

/** What is wrong with an address, in words that do not repeat it; undefined when it is right. */
export function rtspProblem(url: string): Said | undefined {
  const parsed = URL.parse(url);
  const right = parsed !== null && /^rtsps?:$/.test(parsed.protocol) && parsed.hostname !== '';
  return right ? undefined : said('rtsp_address');
}

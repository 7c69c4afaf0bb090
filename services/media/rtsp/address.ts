import { RtspError } from './error.ts';

/** RFC 2326 §3.2; 322 over TLS (RFC 7826 §22.1). */
const PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

export interface RtspAddress {
  /** As given, with user and password: for FFmpeg only. */
  url: string;
  host: string;
  port: number;
  /** `host:port/path` for messages. No user, password or query: some cameras take the password as a query. */
  shown: string;
}

/** Reads an rtsp:// address. Throws RtspError `unreachable` when it is none; the message does not repeat the text. */
export function parseRtspUrl(url: string): RtspAddress {
  const parsed = URL.parse(url);
  const usual = PORTS[parsed?.protocol ?? ''];
  if (parsed === null || usual === undefined || parsed.hostname === '') {
    throw new RtspError('unreachable', 'the address is not of the form rtsp://host[:port]/path');
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const port = parsed.port === '' ? usual : Number(parsed.port);
  return { url, host, port, shown: `${parsed.hostname}:${port}${parsed.pathname}` };
}

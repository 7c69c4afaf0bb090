import { RtspError } from './error.ts';

/** RFC 2326 §3.2. */
const RTSP_PORT = 554;

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
  if (parsed === null || parsed.protocol !== 'rtsp:' || parsed.hostname === '') {
    throw new RtspError('unreachable', 'the address is not of the form rtsp://host[:port]/path');
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const port = parsed.port === '' ? RTSP_PORT : Number(parsed.port);
  return { url, host, port, shown: `${parsed.hostname}:${port}${parsed.pathname}` };
}

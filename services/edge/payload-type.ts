/**
 * The content type of a kept payload, told by its key and its bytes: a multipart body is given back with its subtype and boundary, so
 * that whoever fetches it can take it apart as we did. Any other is bytes.
 */
import { boundaryOf } from './multipart.ts';

const BYTES = 'application/octet-stream';
const ENDING = 'multipart-';

/** How a payload's key ends: `multipart-form-data`, `multipart-mixed`, …, or `event`. */
export function payloadEnding(bytes: Buffer, contentType: string): string {
  const [, subtype] = /^multipart\/([\w-]{1,40})\s*;/i.exec(contentType) ?? [];
  if (subtype === undefined || boundaryOf(contentType) !== boundaryIn(bytes)) return 'event';
  return `${ENDING}${subtype.toLowerCase()}`;
}

/** Content type of the payload that lies under a key. */
export function payloadType(key: string, bytes: Buffer): string {
  const ending = key.slice(key.lastIndexOf('.') + 1);
  const boundary = ending.startsWith(ENDING) ? boundaryIn(bytes) : undefined;
  return boundary === undefined ? BYTES : `multipart/${ending.slice(ENDING.length)}; boundary="${boundary}"`;
}

/** The boundary of the first delimiter line. */
function boundaryIn(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 4096).toString('latin1');
  return /^--([ !#-[\]-~]{1,70}?)[ \t]*\r?$/m.exec(start)?.[1];
}

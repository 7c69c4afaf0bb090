/**
 * Bodies of several parts (RFC 2046, 5.1), taken apart on bytes: nothing in them is decoded, so pictures and texts in any character set
 * come out as they went in. Lenient where recorders are careless: parts need no Content-Disposition, lines may end with LF alone, and
 * the last delimiter may be missing.
 */

export interface MultipartPart {
  /** Media type in lower case; '' when the part names none. */
  type: string;
  content: Buffer;
}

/** A delimiter line: the part before it ends at `start`, what follows it begins at `end` with the line's own end. */
interface Delimiter {
  start: number;
  end: number;
  last: boolean;
}

const [TAB, LF, CR, SPACE, DASH] = [0x09, 0x0a, 0x0d, 0x20, 0x2d];
/** Headers of one part: bytes. */
const MOST_HEADERS = 16 * 1024;

/** The boundary that a content type names; undefined: it names none, or one that is longer than the RFC's 70 characters. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] =
    /;\s*boundary=(?:"([^"\\]{1,70})"|([^\s";\\]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Parts in order; none when the boundary does not stand in the bytes. */
export function* splitMultipart(bytes: Buffer, boundary: string): Generator<MultipartPart> {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  let here = nextDelimiter(bytes, mark, 0);
  while (here !== undefined && !here.last) {
    const next = nextDelimiter(bytes, mark, here.end);
    const part = readPart(bytes.subarray(here.end, next?.start ?? bytes.length));
    if (part !== undefined) yield part;
    here = next;
  }
}

/** Stands at the beginning of a line and fills it: the same characters within a picture are none. */
function nextDelimiter(bytes: Buffer, mark: Buffer, from: number): Delimiter | undefined {
  for (let at = bytes.indexOf(mark, from); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    if (at > 0 && bytes[at - 1] !== LF) continue;
    let end = at + mark.length;
    const last = bytes[end] === DASH && bytes[end + 1] === DASH;
    while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
    if (!last && end < bytes.length && bytes[end] !== CR && bytes[end] !== LF) continue;
    const lineEnd = at === 0 ? 0 : bytes[at - 2] === CR ? 2 : 1;
    return { start: at - lineEnd, end, last };
  }
  return undefined;
}

/** @param bytes from the end of the delimiter's line on: headers, an empty line, the content */
function readPart(bytes: Buffer): MultipartPart | undefined {
  const head = bytes.subarray(0, MOST_HEADERS).toString('latin1');
  const empty = /\r?\n\r?\n/.exec(head);
  if (empty === null) return undefined;
  const [, type = ''] = /^content-type:[ \t]*([^\s;]+)/im.exec(head.slice(0, empty.index)) ?? [];
  return { type: type.toLowerCase(), content: bytes.subarray(empty.index + empty[0].length) };
}

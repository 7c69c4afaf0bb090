import { said } from '../domain/said.ts';
import { boundaryOf, type MultipartPart, splitMultipart } from '../edge/multipart.ts';
import { Problem } from './problem.ts';

/** What a box sent: the event itself, and pictures that came as parts of their own. */
export interface EdgeBody {
  event: Buffer;
  parts: Buffer[];
  /** The body that they are parts of, as it came; absent: the event is all of it. */
  whole?: { bytes: Buffer; contentType: string };
}

const MOST_PARTS = 16;

/**
 * Takes a body apart when it is multipart (recorders send XML with pictures behind it, as a form or as multipart/mixed); any other is
 * the event as it is.
 * @throws Problem when the parts cannot be told apart, or none of them is an event
 */
export function edgeBody(bytes: Buffer, contentType: string): EdgeBody {
  if (!/^multipart\//i.test(contentType)) return { event: bytes, parts: [] };
  const boundary = boundaryOf(contentType);
  const all = boundary === undefined ? [] : splitMultipart(bytes, boundary);
  const parts: Buffer[] = [];
  let event: Buffer | undefined;
  let count = 0;
  for (const part of all) {
    count += 1;
    if (isPicture(part)) parts.push(part.content);
    else if (mayBeEvent(part)) event ??= part.content;
    if (event !== undefined && parts.length === MOST_PARTS) break;
  }
  if (count === 0) throw new Problem('invalid-request', said('multipart_without_boundary'));
  if (event === undefined) throw new Problem('invalid-request', said('no_event_in_body'));
  return { event, parts: parts.slice(0, MOST_PARTS), whole: { bytes, contentType } };
}

/** JPEG, by its first bytes: recorders call pictures by all sorts of types. */
function isPicture({ content }: MultipartPart): boolean {
  return content[0] === 0xff && content[1] === 0xd8 && content[2] === 0xff;
}

/** Anything but media: pictures of other formats and clips stay in the body as it came. */
function mayBeEvent({ type, content }: MultipartPart): boolean {
  return content.length > 0 && !/^(image|video|audio)\//.test(type);
}

import { said } from '../domain/said.ts';
import { Problem } from './problem.ts';

/** What a box sent: the event itself, and pictures that came as parts of their own. */
export interface EdgeBody {
  event: Buffer;
  parts: Buffer[];
}

const MOST_PARTS = 16;

/**
 * Takes a body apart when it is multipart (recorders send XML with pictures behind it, RFC 7578); any other is the event as it is.
 * @throws Problem when the parts cannot be told apart, or none of them is an event
 */
export async function edgeBody(bytes: Buffer, contentType: string): Promise<EdgeBody> {
  if (!/^multipart\//i.test(contentType)) return { event: bytes, parts: [] };
  // Recorders say multipart/mixed of what has the parts of a form.
  const type = contentType.replace(/^multipart\/[\w-]+/i, 'multipart/form-data');
  const all = await partsOf(bytes, type);
  const parts = all.filter(isPicture).slice(0, MOST_PARTS);
  const event = all.find((part) => !isPicture(part));
  if (event === undefined) throw new Problem('invalid-request', said('no_event_in_body'));
  return { event, parts };
}

async function partsOf(bytes: Buffer, type: string): Promise<Buffer[]> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new Problem('invalid-request', said('multipart_without_boundary'));
  }
  const parts: Buffer[] = [];
  for (const [, value] of form) {
    parts.push(typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer()));
  }
  return parts;
}

/** JPEG, by its first bytes: recorders call pictures by all sorts of types. */
function isPicture(part: Buffer): boolean {
  return part[0] === 0xff && part[1] === 0xd8 && part[2] === 0xff;
}

import { XMLParser } from 'fast-xml-parser';
import { textOfBytes } from '../domain/text-bytes.ts';
import { isFields } from './fields.ts';
import { BadEdgeEvent, type EdgePayload } from './reading.ts';

const xmlParser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  // Device ids have twenty digits and times are no numbers: everything stays text.
  parseTagValue: false,
  ignoreDeclaration: true,
});

/** Reads bytes as JSON, XML or lines, whatever they are. @throws BadEdgeEvent for an XML document type, which nobody needs */
export function readPayload(bytes: Buffer, parts: Buffer[] = []): EdgePayload {
  const text = textOfBytes(bytes);
  const start = text.trimStart().slice(0, 1);
  return {
    bytes,
    text,
    json: start === '{' || start === '[' ? parseJson(text) : undefined,
    xml: start === '<' ? parseXml(text) : undefined,
    parts,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseXml(text: string): Record<string, unknown> | undefined {
  if (/<!DOCTYPE/i.test(text)) throw new BadEdgeEvent('<!DOCTYPE', 'is not allowed in an event');
  try {
    const parsed: unknown = xmlParser.parse(text);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

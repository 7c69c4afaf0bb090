import { XMLParser } from 'fast-xml-parser';

/** One element: its attributes are `@name`, its text `#text`. */
export type Element = Readonly<Record<string, unknown>>;

// Prefixes differ from maker to maker; entities are not resolved, so that a small answer cannot become a huge one.
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
});

/** The element of a document; empty for what is no XML. */
export function parseXml(text: string): Element {
  try {
    return asElement(parser.parse(text));
  } catch {
    return {};
  }
}

function asElement(value: unknown): Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {};
}

/** Children of that name, however many there are. */
export function childrenOf(element: Element, name: string): Element[] {
  const value = element[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map((one) => (typeof one === 'string' ? { '#text': one } : asElement(one)));
}

/** The first element at the end of the path; empty when there is none. */
export function elementAt(element: Element, ...path: readonly string[]): Element {
  return path.reduce((here, name) => childrenOf(here, name)[0] ?? {}, element);
}

/** Its text, entities of XML's own resolved. */
export function textAt(element: Element, ...path: readonly string[]): string {
  const text = elementAt(element, ...path)['#text'];
  return typeof text === 'string' ? resolved(text.trim()) : '';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolved(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

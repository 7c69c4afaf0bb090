import { BadEdgeEvent, type EdgeBox } from './reading.ts';

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `key`; {} when there is none. @throws BadEdgeEvent when something else stands there */
export function fieldsOf(of: Fields, key: string): Fields {
  const value = of[key];
  if (value === undefined || value === null || value === '') return {};
  if (!isFields(value)) throw new BadEdgeEvent(key, 'should be an object');
  return value;
}

/** The list at `key`; [] when there is none; a single object counts as a list of one (XML, careless boxes). */
export function listOf(of: Fields, key: string): Fields[] {
  const value = of[key];
  if (value === undefined || value === null || value === '') return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((one, i) => {
    if (!isFields(one)) throw new BadEdgeEvent(`${key}[${i}]`, 'should be an object');
    return one;
  });
}

/** Text or number at `key` as text; '' when there is none. */
export function textOf(of: Fields, key: string): string {
  const value = of[key];
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** @throws BadEdgeEvent when it is missing */
export function neededText(of: Fields, key: string, where = ''): string {
  const text = textOf(of, key);
  if (text === '') throw new BadEdgeEvent(`${where}${key}`, 'is missing');
  return text;
}

/** A finite number, also as text; undefined when there is none. @throws BadEdgeEvent for anything else */
export function numberOf(of: Fields, key: string, where = ''): number | undefined {
  const value = of[key];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new BadEdgeEvent(`${where}${key}`, `is ${JSON.stringify(value)}: should be a number`);
  }
  return number;
}

/** Four numbers, also as text. @throws BadEdgeEvent */
export function fourNumbers(values: readonly unknown[], field: string): [number, number, number, number] {
  const numbers = values.map((value) => (typeof value === 'string' ? Number(value) : value));
  const [a, b, c, d] = numbers;
  if (numbers.length !== 4 || !numbers.every((one) => typeof one === 'number' && Number.isFinite(one))) {
    throw new BadEdgeEvent(field, `is ${JSON.stringify(values)}: should be four numbers`);
  }
  return [a, b, c, d] as [number, number, number, number];
}

/** Left, top, width, height as corners. */
export function cornersOf([x, y, w, h]: readonly [number, number, number, number]): EdgeBox['corners'] {
  return [x, y, x + w, y + h];
}

/** A score in 0..1; makers also write percent. */
export function scoreOf(of: Fields, key: string): number | undefined {
  const value = numberOf(of, key);
  if (value === undefined || value < 0 || value > 100) return undefined;
  return value > 1 ? value / 100 : value;
}

/** Base64 of a picture, also as a data URL; undefined when there is none. @throws BadEdgeEvent when it is no base64 */
export function base64Of(of: Fields, key: string): Buffer | undefined {
  const text = textOf(of, key).replace(/^data:[^,]*,/, '');
  if (text === '') return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0) throw new BadEdgeEvent(key, 'should be a picture in base64');
  return bytes;
}

/** Longest list of unknown fields that is kept of one event, and longest path. */
const MOST_UNKNOWN = 50;
const LONGEST_PATH = 200;

/**
 * Paths that stand in the payload and not in `known`. A known path covers everything below it when it ends in `.*`.
 * Lists are written `[]`: `data.event_set[].bounding_box.x`.
 */
export function unknownPaths(payload: unknown, known: readonly string[]): string[] {
  const exact = new Set(known.filter((path) => !path.endsWith('.*')));
  const whole = known.filter((path) => path.endsWith('.*')).map((path) => path.slice(0, -2));
  const found = new Set<string>();
  const isKnown = (path: string): boolean =>
    exact.has(path) ||
    whole.some((root) => path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`));
  const walk = (value: unknown, path: string): void => {
    if (found.size >= MOST_UNKNOWN || whole.includes(path)) return;
    if (Array.isArray(value)) {
      for (const one of value.slice(0, MOST_UNKNOWN)) walk(one, `${path}[]`);
      if (value.length > 0 && value.some((one) => isFields(one) || Array.isArray(one))) return;
    } else if (isFields(value)) {
      for (const [key, one] of Object.entries(value)) walk(one, path === '' ? key : `${path}.${key}`);
      return;
    }
    const leaf = Array.isArray(value) ? path : path.replace(/\[\]$/, '');
    if (leaf !== '' && !isKnown(leaf)) found.add(leaf.slice(0, LONGEST_PATH));
  };
  walk(payload, '');
  return [...found];
}

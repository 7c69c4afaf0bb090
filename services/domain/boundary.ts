/**
 * Outlines of regions out of a GeoJSON FeatureCollection (RFC 7946), as Chinese offices have them: a feature a region, named by
 * `adcode`, `code`, `XZQDM`, `gb` or `name`. Pure.
 */

import { type Said, said } from './said.ts';
/** Degrees. */
export type Position = [lon: number, lat: number];
/** Closed: the last position is the first. */
export type Ring = Position[];
/** Each polygon its outer ring and its holes, as in GeoJSON's MultiPolygon. */
export type Polygons = Ring[][];

export interface Feature {
  /** Place in the file, from 0. */
  index: number;
  name: string;
  /** Codes that it may be known by, the surest first. */
  codes: string[];
  polygons: Polygons;
  points: number;
}

export interface Fault extends Said {
  /** Below the collection, dotted: `features.3.geometry`. */
  field: string;
}

export const MOST_FEATURES = 3000;
export const MOST_POSITIONS = 200_000;
const MOST_FAULTS = 50;
const SHOWN = 60;
/** Properties that hold a code or a name, lower case; XZQDM and XZQMC are those of land surveys, gb is Tianditu's. */
const CODE_KEYS = ['adcode', 'code', 'xzqdm', 'gb'];
const NAME_KEYS = ['name', 'xzqmc'];
/** CGCS2000 (4490) and WGS 84 lie within centimetres of each other. */
const DEGREES = /(CRS84|(EPSG|epsg):+(4326|4490))$/;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, SHOWN);

/** All features, or what is wrong with them; nothing is read by halves. */
export function readFeatures(collection: unknown): { features: Feature[] } | { faults: Fault[] } {
  const faults: Fault[] = [];
  const whole = (field: string, why: Said) => ({ faults: [{ field, ...why }] });
  if (!isFields(collection) || collection.type !== 'FeatureCollection' || !Array.isArray(collection.features))
    return whole('type', said('geo_not_collection'));
  const crs = crsOf(collection.crs);
  if (crs !== undefined && !DEGREES.test(crs))
    return whole('crs', said('geo_other_system', { crs: shown(crs) }));
  const { features } = collection;
  if (features.length === 0) return whole('features', said('geo_empty'));
  if (features.length > MOST_FEATURES)
    return whole('features', said('geo_too_many', { most: MOST_FEATURES }));
  const read: Feature[] = [];
  let points = 0;
  for (const [index, given] of features.entries()) {
    const feature = featureOf(given, index, (field, why) => faults.push({ field, ...why }));
    if (faults.length >= MOST_FAULTS) break;
    if (feature === undefined) continue;
    points += feature.points;
    if (points > MOST_POSITIONS)
      return whole('features', said('geo_too_many_positions', { most: MOST_POSITIONS }));
    read.push(feature);
  }
  return faults.length > 0 ? { faults } : { features: read };
}

function crsOf(crs: unknown): string | undefined {
  const properties = isFields(crs) ? crs.properties : undefined;
  const name = isFields(properties) ? properties.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

type Tell = (field: string, why: Said) => void;

function featureOf(given: unknown, index: number, tell: Tell): Feature | undefined {
  const at = `features.${index}`;
  if (!isFields(given) || given.type !== 'Feature') {
    tell(`${at}.type`, said('geo_not_feature'));
    return undefined;
  }
  const texts = textsOf(isFields(given.properties) ? given.properties : {});
  const name = NAME_KEYS.flatMap((key) => texts.get(key) ?? [])[0] ?? '';
  const codes = CODE_KEYS.flatMap((key) => codesOf(key, texts.get(key)));
  if (typeof given.id === 'string' || typeof given.id === 'number')
    codes.push(...codesOf('id', String(given.id)));
  const who = name === '' ? '' : ` (${name})`;
  const { geometry } = given;
  const type = isFields(geometry) ? geometry.type : undefined;
  if (!isFields(geometry) || (type !== 'Polygon' && type !== 'MultiPolygon')) {
    tell(`${at}.geometry.type`, said('geo_not_polygon', { type: shown(type), who }));
    return undefined;
  }
  const polygons = type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const path = (polygon: number): string =>
    `${at}.geometry.coordinates${type === 'Polygon' ? '' : `.${polygon}`}`;
  if (!Array.isArray(polygons) || polygons.length === 0) {
    tell(`${at}.geometry.coordinates`, said('geo_no_polygons', { who }));
    return undefined;
  }
  const read: Polygons = [];
  for (const [number, polygon] of polygons.entries()) {
    const rings = ringsOf(polygon, path(number), who, tell);
    if (rings === undefined) return undefined;
    read.push(rings);
  }
  const points = read.flat().reduce((sum, ring) => sum + ring.length - 1, 0);
  return { index, name, codes: [...new Set(codes)], polygons: read, points };
}

/** Properties that are texts or numbers, by their name in lower case. */
function textsOf(properties: Fields): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(properties)) {
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    if (text !== '') texts.set(key.toLowerCase(), text);
  }
  return texts;
}

/** A code, and the same without the zeros that fill it up: 410724000000 is 410724. Tianditu puts 156, China, before it. */
function codesOf(key: string, given: string | undefined): string[] {
  if (given === undefined) return [];
  let code = key === 'gb' && /^156\d{6,}$/.test(given) ? given.slice(3) : given.toLowerCase();
  const codes = [code];
  while (/^\d{6,}000$/.test(code) && code.length > 6) {
    code = code.slice(0, -3);
    codes.push(code);
  }
  return codes;
}

function ringsOf(polygon: unknown, at: string, who: string, tell: Tell): Ring[] | undefined {
  if (!Array.isArray(polygon) || polygon.length === 0) {
    tell(at, said('geo_no_rings', { who }));
    return undefined;
  }
  const rings: Ring[] = [];
  for (const [number, given] of polygon.entries()) {
    if (!Array.isArray(given)) {
      tell(`${at}.${number}`, said('geo_no_ring', { who }));
      return undefined;
    }
    const ring: Ring = [];
    for (const [place, position] of given.entries()) {
      const problem = positionProblem(position);
      if (problem !== undefined) {
        tell(
          `${at}.${number}.${place}`,
          said('geo_position', { position: shown(position), who, why: problem }),
        );
        return undefined;
      }
      const [lon, lat] = position as Position;
      ring.push([lon, lat]);
    }
    const [first] = ring;
    const last = ring.at(-1);
    if (first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1]))
      ring.push([first[0], first[1]]);
    if (new Set(ring.map(String)).size < 3) {
      tell(`${at}.${number}`, said('geo_few_positions', { who }));
      return undefined;
    }
    rings.push(ring);
  }
  return rings;
}

function positionProblem(position: unknown): Said | undefined {
  if (!Array.isArray(position) || position.length < 2) return said('geo_no_position');
  const [lon, lat] = position as unknown[];
  if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat))
    return said('geo_no_position');
  if (Math.abs(lon) > 180) return said('geo_not_degrees');
  if (Math.abs(lat) > 90) return said('geo_latitude');
  return undefined;
}

/** [west, south, east, north] */
export type Bounds = [number, number, number, number];

export function boundsOf(polygons: Polygons): Bounds {
  const bounds: Bounds = [180, 90, -180, -90];
  for (const [lon, lat] of polygons.flat(2)) {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds;
}

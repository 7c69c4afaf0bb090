/** Outlines for tests, drawn here: nothing of them is a real border. */
import type { Position } from '../../services/domain/boundary.ts';

export const WEST = 113.5;
export const SOUTH = 35.1;

/** A wavy line between two places: `steps` pieces, the same way wherever it is drawn from. */
export function wavy(from: Position, to: Position, steps = 40): Position[] {
  const line: Position[] = [];
  for (let i = 0; i <= steps; i++) {
    const part = i / steps;
    const swing = i === 0 || i === steps ? 0 : 0.004 * Math.sin(part * 20) + 0.0008 * Math.sin(part * 331);
    const [x, y] = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    line.push(from[0] === to[0] ? [x + swing, y] : [x, y + swing]);
  }
  return line;
}

/** `columns` × `rows` fields of 0.1°, with wavy borders that neighbours share. */
export function field(column: number, row: number, steps = 40): Position[] {
  const corner = (c: number, r: number): Position => [WEST + c * 0.1, SOUTH + r * 0.1];
  const south = wavy(corner(column, row), corner(column + 1, row), steps);
  const east = wavy(corner(column + 1, row), corner(column + 1, row + 1), steps);
  const north = wavy(corner(column, row + 1), corner(column + 1, row + 1), steps).reverse();
  const west = wavy(corner(column, row), corner(column, row + 1), steps).reverse();
  return [south, east, north, west].flatMap((line) => line.slice(0, -1)).concat([corner(column, row)]);
}

export interface Properties {
  [name: string]: unknown;
}

export function feature(properties: Properties, ring: readonly (readonly number[])[]) {
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
}

export const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

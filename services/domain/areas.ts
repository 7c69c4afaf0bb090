/** Areas that people draw on a picture: boxes and polygons in 0..1 of it. Pure. */
import type { Area, Box, Polygon, ZoneKind } from './words.ts';

type Point = readonly [number, number];

/** Smaller than this share of the picture, nobody can have meant it. */
const SMALLEST = 0.0001;

export function isBox(area: Area): area is Box {
  return typeof area[0] === 'number';
}

/** The corners in order. */
export function cornersOf(area: Area): Polygon {
  if (!isBox(area)) return area;
  const [x1, y1, x2, y2] = area;
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

/** Whether the point lies in the area; on the edge of a box counts, on that of a polygon may. */
export function inArea(area: Area, [x, y]: Point): boolean {
  if (isBox(area)) return x >= area[0] && x <= area[2] && y >= area[1] && y <= area[3];
  let inside = false;
  edgesOf(area).forEach(([[ax, ay], [bx, by]]) => {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** What is wrong with a drawn area; undefined when nothing is. */
export function areaFault(area: Area): 'corners' | 'small' | 'crosses' | undefined {
  if (isBox(area)) return area[0] < area[2] && area[1] < area[3] ? undefined : 'corners';
  if (area.length < 3) return 'corners';
  const edges = edgesOf(area);
  for (const [i, one] of edges.entries()) {
    for (const [j, other] of edges.entries()) {
      const neighbours = Math.abs(i - j) <= 1 || Math.abs(i - j) === edges.length - 1;
      if (!neighbours && cross(one, other)) return 'crosses';
    }
  }
  return Math.abs(signedArea(area)) < SMALLEST ? 'small' : undefined;
}

function edgesOf(polygon: Polygon): (readonly [Point, Point])[] {
  return polygon.map((point, i) => [point, polygon[(i + 1) % polygon.length] ?? point] as const);
}

function signedArea(polygon: Polygon): number {
  return edgesOf(polygon).reduce((sum, [[ax, ay], [bx, by]]) => sum + (ax * by - bx * ay) / 2, 0);
}

function cross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** A part of the picture that belongs to another zone. */
export interface ZoneArea {
  zoneId: string;
  zoneKind: ZoneKind;
  area: Area;
}

/** A zone that a camera sees, with what of the picture belongs to it. */
export interface SeenZone {
  zoneId: string;
  zoneKind: ZoneKind;
  owns: (box: Box) => boolean;
}

/** The zones of a camera's picture: those drawn into it, the first that holds a box's middle; and its own, which has the rest. */
export function zonesOf(camera: {
  zoneId: string;
  zoneKind: ZoneKind;
  zoneAreas: readonly ZoneArea[];
}): SeenZone[] {
  const at = (box: Box): string => {
    const middle: Point = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    return camera.zoneAreas.find(({ area }) => inArea(area, middle))?.zoneId ?? camera.zoneId;
  };
  const zones = new Map<string, ZoneKind>([[camera.zoneId, camera.zoneKind]]);
  for (const { zoneId, zoneKind } of camera.zoneAreas) zones.set(zoneId, zoneKind);
  return [...zones].map(([zoneId, zoneKind]) => ({ zoneId, zoneKind, owns: (box) => at(box) === zoneId }));
}

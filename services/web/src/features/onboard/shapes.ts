/** What can be drawn on a camera's picture, as shapes and as the API has it. Pure. */

import type { Camera } from '../../api/camera-types.ts';
import type { Area, Corner } from '../../api/types.ts';

export const LAYERS = ['interest', 'ignore', 'privacy', 'zone', 'timestamp', 'metre'] as const;
export type Layer = (typeof LAYERS)[number];

export interface Shape {
  id: number;
  layer: Layer;
  /** Corners in 0..1; of a timestamp area the two opposite ones, of the metre line its ends. */
  points: readonly Corner[];
  /** Of the layer `zone`: the code of the zone. */
  zone?: string;
}

/** How few points a shape of the layer may have; and how many, where that is fixed. */
export const LEAST: Record<Layer, number> = {
  interest: 3,
  ignore: 3,
  privacy: 3,
  zone: 3,
  timestamp: 2,
  metre: 2,
};
const FIXED: readonly Layer[] = ['timestamp', 'metre'];
export const takesPoints = (layer: Layer): boolean => !FIXED.includes(layer);

export function quad(x1: number, y1: number, x2: number, y2: number): readonly Corner[] {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

/** The outline of a shape: a timestamp area is a box. */
export function outlineOf({ layer, points }: Shape): readonly Corner[] {
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = points;
  return layer === 'timestamp'
    ? quad(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2))
    : points;
}

const cornersOf = (area: Area): readonly Corner[] => {
  const [x1, y1, x2, y2] = area;
  return typeof x1 === 'number' && typeof y1 === 'number' && typeof x2 === 'number' && typeof y2 === 'number'
    ? quad(x1, y1, x2, y2)
    : (area as readonly Corner[]);
};

/** What is drawn on the camera already. */
export function shapesOf(camera: Camera): Shape[] {
  const of = (layer: Layer, areas: readonly Area[]) =>
    areas.map((area) => ({ layer, points: cornersOf(area) }));
  return [
    ...of('interest', camera.regionsOfInterest),
    ...of('ignore', camera.ignoreAreas),
    ...of('privacy', camera.privacyMasks),
    ...camera.zoneAreas.map(({ zone, area }) => ({ layer: 'zone' as const, points: cornersOf(area), zone })),
    ...camera.timestampAreas.map(([x1, y1, x2, y2]) => ({
      layer: 'timestamp' as const,
      points: [[x1, y1] as const, [x2, y2] as const],
    })),
    ...(camera.metreLine === null ? [] : [{ layer: 'metre' as const, points: camera.metreLine }]),
  ].map((shape, i) => ({ ...shape, id: i + 1 }));
}

/** The shapes as the API takes them. */
export function bodyOf(shapes: readonly Shape[]) {
  const of = (layer: Layer) => shapes.filter((shape) => shape.layer === layer);
  const areas = (layer: Layer) => of(layer).map(({ points }) => points);
  return {
    regionsOfInterest: areas('interest'),
    ignoreAreas: areas('ignore'),
    privacyMasks: areas('privacy'),
    zoneAreas: of('zone').flatMap(({ zone, points }) => (zone === undefined ? [] : [{ zone, area: points }])),
    timestampAreas: of('timestamp').map((shape) => {
      const [[x1, y1] = [0, 0], , [x2, y2] = [0, 0]] = outlineOf(shape);
      return [x1, y1, x2, y2];
    }),
    metreLine: areas('metre')[0] ?? null,
  };
}

/** The field of the API that a layer is kept in. */
export const FIELD = {
  interest: 'regionsOfInterest',
  ignore: 'ignoreAreas',
  privacy: 'privacyMasks',
  zone: 'zoneAreas',
  timestamp: 'timestampAreas',
  metre: 'metreLine',
} as const satisfies Record<Layer, keyof Camera>;

/** Layers that hold something else. */
export function otherLayers(shapes: readonly Shape[], than: readonly Shape[]): Layer[] {
  const [a, b] = [bodyOf(shapes), bodyOf(than)];
  return LAYERS.filter((layer) => JSON.stringify(a[FIELD[layer]]) !== JSON.stringify(b[FIELD[layer]]));
}

/** Layers in which nothing was drawn since `began` take what is there `now`; the others stay as drawn. */
export function rebased(
  shapes: readonly Shape[],
  began: readonly Shape[],
  now: readonly Shape[],
): readonly Shape[] {
  const drawn = otherLayers(shapes, began);
  const taken = otherLayers(shapes, now).filter((layer) => !drawn.includes(layer));
  if (taken.length === 0) return shapes;
  const isTaken = ({ layer }: Shape): boolean => taken.includes(layer);
  return [...shapes.filter((shape) => !isTaken(shape)), ...now.filter(isTaken)];
}

/** What is being drawn on a camera's picture, with the way back. Pure. */

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

export interface Drawing {
  shapes: readonly Shape[];
  selected: number | undefined;
  past: readonly (readonly Shape[])[];
  future: readonly (readonly Shape[])[];
  nextId: number;
}

export type Change =
  | { type: 'add'; layer: Layer; zone?: string }
  | { type: 'remove'; id: number }
  | { type: 'select'; id: number | undefined }
  | { type: 'zone'; id: number; zone: string }
  /** `continued`: part of one movement, which is undone at once. */
  | { type: 'move'; id: number; point: number; to: Corner; continued: boolean }
  | { type: 'insert'; id: number; after: number }
  | { type: 'remove_point'; id: number; point: number }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'load'; shapes: readonly Shape[] };

const STARTING: Record<Layer, readonly Corner[]> = {
  interest: quad(0.2, 0.2, 0.8, 0.85),
  ignore: quad(0.4, 0.4, 0.6, 0.6),
  privacy: quad(0.4, 0.4, 0.6, 0.6),
  zone: quad(0.05, 0.2, 0.45, 0.9),
  timestamp: [
    [0.02, 0.02],
    [0.4, 0.1],
  ],
  metre: [
    [0.4, 0.85],
    [0.6, 0.85],
  ],
};

function quad(x1: number, y1: number, x2: number, y2: number): readonly Corner[] {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

const within = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
const MOST_STEPS = 100;

export function emptyDrawing(shapes: readonly Shape[] = []): Drawing {
  return { shapes, selected: undefined, past: [], future: [], nextId: shapes.length + 1 };
}

export function draw(drawing: Drawing, change: Change): Drawing {
  const { shapes, past, future } = drawing;
  const changed = (next: readonly Shape[], more: Partial<Drawing> = {}, continued = false): Drawing => ({
    ...drawing,
    shapes: next,
    past: continued ? past : [...past, shapes].slice(-MOST_STEPS),
    future: [],
    ...more,
  });
  const edited = (id: number, edit: (shape: Shape) => Shape, continued = false): Drawing =>
    changed(
      shapes.map((shape) => (shape.id === id ? edit(shape) : shape)),
      { selected: id },
      continued,
    );
  switch (change.type) {
    case 'load':
      return emptyDrawing(change.shapes);
    case 'select':
      return { ...drawing, selected: change.id };
    case 'add': {
      const { layer, zone } = change;
      const shape: Shape = {
        id: drawing.nextId,
        layer,
        points: STARTING[layer],
        ...(zone !== undefined && { zone }),
      };
      return changed([...shapes, shape], { selected: shape.id, nextId: shape.id + 1 });
    }
    case 'remove':
      return changed(
        shapes.filter(({ id }) => id !== change.id),
        { selected: undefined },
      );
    case 'zone':
      return edited(change.id, (shape) => ({ ...shape, zone: change.zone }));
    case 'move': {
      const to: Corner = [within(change.to[0]), within(change.to[1])];
      return edited(
        change.id,
        (shape) => ({ ...shape, points: shape.points.map((point, i) => (i === change.point ? to : point)) }),
        change.continued,
      );
    }
    case 'insert':
      return edited(change.id, (shape) => {
        const { points } = shape;
        const [ax, ay] = points[change.after] ?? [0.5, 0.5];
        const [bx, by] = points[(change.after + 1) % points.length] ?? [ax, ay];
        const middle: Corner = [within((ax + bx) / 2), within((ay + by) / 2)];
        return { ...shape, points: points.toSpliced(change.after + 1, 0, middle) };
      });
    case 'remove_point': {
      const shape = shapes.find(({ id }) => id === change.id);
      if (shape === undefined) return drawing;
      if (shape.points.length <= LEAST[shape.layer]) return draw(drawing, { type: 'remove', id: change.id });
      return edited(change.id, (one) => ({ ...one, points: one.points.toSpliced(change.point, 1) }));
    }
    case 'undo': {
      const before = past.at(-1);
      if (before === undefined) return drawing;
      return { ...drawing, shapes: before, past: past.slice(0, -1), future: [shapes, ...future] };
    }
    case 'redo': {
      const [after, ...rest] = future;
      if (after === undefined) return drawing;
      return { ...drawing, shapes: after, past: [...past, shapes], future: rest };
    }
  }
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

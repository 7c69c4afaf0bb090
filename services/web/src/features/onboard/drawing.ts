/** What is being drawn on a camera's picture, with the way back. Pure. */

import type { Corner } from '../../api/types.ts';
import { type Layer, LEAST, quad, rebased, type Shape } from './shapes.ts';

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
  /** What is there is otherwise than it was at the beginning: what nobody drew in here follows it, also on the way back. */
  | { type: 'meanwhile'; began: readonly Shape[]; now: readonly Shape[] }
  /** All of it in place of what was drawn; the way back leads to that. */
  | { type: 'take'; shapes: readonly Shape[] };

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
    case 'meanwhile': {
      const { began } = change;
      const now = change.now.map((shape, i) => ({ ...shape, id: drawing.nextId + i }));
      const follow = (one: readonly Shape[]) => rebased(one, began, now);
      return {
        ...drawing,
        shapes: follow(shapes),
        past: past.map(follow),
        future: future.map(follow),
        nextId: drawing.nextId + now.length,
      };
    }
    case 'take':
      return changed(
        change.shapes.map((shape, i) => ({ ...shape, id: drawing.nextId + i })),
        { selected: undefined, nextId: drawing.nextId + change.shapes.length },
      );
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

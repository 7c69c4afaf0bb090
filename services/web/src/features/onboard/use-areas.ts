import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useReducer } from 'react';
import type { Camera } from '../../api/camera-types.ts';
import { ask, isConflict } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useBegan } from '../../ui/use-began.ts';
import { draw, emptyDrawing } from './drawing.ts';
import { bodyOf, FIELD, LAYERS, type Layer, otherLayers, type Shape, shapesOf } from './shapes.ts';

const textOf = (camera: Camera, layer: Layer): string => JSON.stringify(camera[FIELD[layer]]);
const drawnText = (camera: Camera): string => LAYERS.map((layer) => textOf(camera, layer)).join();

/**
 * The areas of one camera while they are drawn. Only layers that were drawn in are sent, each with what it was at the beginning: what
 * others drew meanwhile stays, and where both drew in one layer nothing is saved before that was seen.
 */
export function useAreas(camera: Camera) {
  const client = useQueryClient();
  const key = keys.camera(camera.id);
  const { began, moved, begin } = useBegan(camera, drawnText);
  const [drawing, change] = useReducer(draw, camera, (one) => emptyDrawing(shapesOf(one)));
  const { shapes } = drawing;
  const drawn = otherLayers(shapes, shapesOf(began));
  const clash =
    moved === undefined ? [] : drawn.filter((layer) => textOf(began, layer) !== textOf(moved, layer));

  /** Layers that were drawn in stay as they are, the others show what is there. */
  const follow = (from: readonly Shape[], now: Camera): void => {
    begin(now);
    change({ type: 'meanwhile', began: from, now: shapesOf(now) });
  };
  if (moved !== undefined && clash.length === 0) follow(shapesOf(began), moved);

  const save = useMutation({
    mutationFn: (sent: readonly Shape[]) => {
      const body = bodyOf(sent);
      const fields = drawn.map((layer) => FIELD[layer]);
      const before = Object.fromEntries(fields.map((field) => [field, began[field]]));
      const drawnBody = Object.fromEntries(fields.map((field) => [field, body[field]]));
      return ask<Camera>(`/cameras/${camera.id}`, { method: 'PATCH', body: { ...drawnBody, before } });
    },
    // An answer that is under way knows nothing of this.
    onMutate: () => client.cancelQueries({ queryKey: key }),
    onSuccess(saved, sent) {
      client.setQueryData(key, saved);
      follow(sent, saved);
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: key }),
  });
  return {
    drawing,
    change,
    isDrawn: drawn.length > 0,
    /** Layers in which somebody else drew too: nothing can be saved before that was looked at. */
    clash,
    /** Shows what is there now; undoing leads back to what was drawn here. */
    take() {
      if (moved === undefined) return;
      follow(shapesOf(began), moved);
      change({ type: 'take', shapes: shapesOf(moved) });
      save.reset();
    },
    save,
  };
}

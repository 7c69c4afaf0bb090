import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Camera } from '../../api/camera-types.ts';
import { ask, isConflict } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { VIOLATION_KINDS, type ViolationKind } from '../../api/types.ts';
import { useBegan } from '../../ui/use-began.ts';

const FIELDS = ['minScores', 'minSizes'] as const;
type Field = (typeof FIELDS)[number];
type Limits = Pick<Camera, Field>;
type Values = Limits[Field];

const limitsOf = ({ minScores, minSizes }: Limits): Limits => ({ minScores, minSizes });
/** In whatever order the kinds come. */
const textOf = (values: Values): string => JSON.stringify(Object.entries(values).sort());
const keyOf = (camera: Camera): string => FIELDS.map((field) => textOf(camera[field])).join();
const only = (limits: Limits, fields: readonly Field[]): Partial<Limits> =>
  Object.fromEntries(fields.map((field) => [field, limits[field]]));

/** Kinds whose value is another one. */
const otherKinds = (a: Values, b: Values): ViolationKind[] =>
  VIOLATION_KINDS.filter((kind) => a[kind] !== b[kind]);

/** Values that were moved since `began` stay, the others are those that are there `now`. */
function rebased(values: Values, began: Values, now: Values): Values {
  const moved = otherKinds(values, began);
  const kinds = VIOLATION_KINDS.map((kind) => [kind, (moved.includes(kind) ? values : now)[kind]] as const);
  return Object.fromEntries(kinds.filter(([, value]) => value !== undefined));
}

/**
 * A camera's own limits while they are moved. Only what was moved is sent, with what it was at the beginning; what somebody
 * else, or a proposal, set meanwhile stays, and where that is the same value nothing is saved before it was seen.
 */
export function useLimits(camera: Camera) {
  const client = useQueryClient();
  const key = keys.camera(camera.id);
  const { began, moved, begin } = useBegan(camera, keyOf);
  const [limits, setLimits] = useState<Limits>(() => limitsOf(camera));
  const changed = FIELDS.filter((field) => otherKinds(limits[field], began[field]).length > 0);
  const clashes =
    moved !== undefined &&
    FIELDS.some((field) => {
      const theirs = otherKinds(began[field], moved[field]);
      return otherKinds(limits[field], began[field]).some((kind) => theirs.includes(kind));
    });

  /** What was moved here stays, the rest is as it is there. */
  const follow = (now: Camera): void => {
    begin(now);
    setLimits({
      minScores: rebased(limits.minScores, began.minScores, now.minScores),
      minSizes: rebased(limits.minSizes, began.minSizes, now.minSizes),
    });
  };
  if (moved !== undefined && !clashes) follow(moved);

  const save = useMutation({
    mutationFn: () =>
      ask<Camera>(`/cameras/${camera.id}`, {
        method: 'PATCH',
        body: { ...only(limits, changed), before: only(began, changed) },
      }),
    // An answer that is under way knows nothing of this.
    onMutate: () => client.cancelQueries({ queryKey: key }),
    onSuccess(saved) {
      client.setQueryData(key, saved);
      begin(saved);
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: key }),
  });
  return {
    limits,
    setLimits,
    isChanged: changed.length > 0,
    clashes,
    /** As they are now: what was moved here is given up. */
    reset() {
      const now = moved ?? began;
      begin(now);
      setLimits(limitsOf(now));
      save.reset();
    },
    /** What was moved here is kept, to be saved over what is there now. */
    keep() {
      if (moved !== undefined) follow(moved);
      save.reset();
    },
    save,
  };
}

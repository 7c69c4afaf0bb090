import type { Static } from 'typebox';
import { loadFieldVisits } from '../../db/field-visit-list.ts';
import type { Actor } from '../../domain/access.ts';
import type { ApiContext } from '../context.ts';
import type { FieldVisit } from '../schemas/field-visit.ts';

/** Visits with photographs by fresh addresses; of a task, what they say of that task; of an account's cameras, what concerns those. */
export async function visitItems(
  context: ApiContext,
  actor: Actor,
  of: { merchantId: string } | { taskId: string },
  limit: number,
): Promise<Static<typeof FieldVisit>[]> {
  const visits = await loadFieldVisits(context.db, of, limit);
  const { cameraIds } = actor;
  return visits.map((visit) => ({
    id: visit.id,
    by: visit.display_name === '' ? visit.username : visit.display_name,
    visitedAt: visit.visited_at.toISOString(),
    recordedAt: visit.recorded_at.toISOString(),
    note: visit.note,
    lat: visit.lat,
    lon: visit.lon,
    accuracyM: visit.accuracy_m,
    placeProblem: visit.place_problem,
    distanceM: visit.distance_m,
    items: visit.items
      .filter((item) => 'merchantId' in of || item.task_id === of.taskId)
      .filter((item) => cameraIds === null || (item.cameraId !== null && cameraIds.includes(item.cameraId)))
      .map((item) => ({
        outcome: item.outcome,
        findingId: item.finding_id,
        taskId: item.task_id,
        effect: item.effect,
        kind: item.kind,
        number: item.number,
        text: item.text,
        photos: item.photos.map((photo) => ({
          id: photo.id,
          url: context.files.address('evidence', photo.id),
          sha256: photo.sha256,
          width: photo.width,
          height: photo.height,
          takenAt: photo.captured_at.toISOString(),
          lat: photo.detail.visit?.place?.lat ?? null,
          lon: photo.detail.visit?.place?.lon ?? null,
          accuracyM: photo.detail.visit?.place?.accuracyM ?? null,
        })),
      })),
  }));
}

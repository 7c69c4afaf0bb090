import type { Named } from '../api/types.ts';

/** Where something was found: merchant, zone and, when one sees the place, camera. */
export function placeName(what: { merchant: Named; zone: Named; camera: Named | null }): string {
  return [what.merchant, what.zone, what.camera].flatMap((one) => one?.name ?? []).join(' · ');
}

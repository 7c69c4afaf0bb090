import type { GeoPoint } from '../../domain/geo.ts';

/** Where a merchant is; null: nobody entered it. */
export function placeOf({ lat, lon }: { lat: number | null; lon: number | null }): GeoPoint | null {
  return lat === null || lon === null ? null : { lat, lon };
}

/** Columns of a merchant that a request gives; what it does not say stays. */
export function placeColumns(given: {
  place: GeoPoint | null | undefined;
  address: string | undefined;
  phone: string | undefined;
}) {
  const { place, address, phone } = given;
  return {
    ...(place !== undefined && { lat: place?.lat ?? null, lon: place?.lon ?? null }),
    ...(address !== undefined && { address }),
    ...(phone !== undefined && { phone }),
  };
}

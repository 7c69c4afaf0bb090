import type { ColumnType } from 'kysely';
import type { Polygons } from '../domain/boundary.ts';
import type { GeoSystem } from '../domain/geo.ts';

/** Outlines of regions. */
export interface PlaceSchema {
  region_boundary: {
    region_id: string;
    /** Degrees WGS 84, 5 decimals. */
    polygons: ColumnType<Polygons, string, string>;
    points: number;
    points_given: number;
    system: GeoSystem;
    source: string;
    licence: string;
    imported_by: string | null;
    imported_at: Date;
  };
}

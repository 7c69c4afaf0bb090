/** 辖区边界: outlines of regions, read for maps and imported by the operator. */
import { Type } from 'typebox';
import { GEO_SYSTEMS } from '../../domain/geo.ts';
import { Closed, Nullable, pageQuery, RegionRef, ShortCode, Time } from './common.ts';

const count = Type.Integer({ minimum: 0 });
const System = Type.Enum([...GEO_SYSTEMS], { title: 'GeoSystem' });
const Said = (what: string) =>
  Type.String({ minLength: 1, maxLength: 300, pattern: '\\S', right: `${what} of 1 to 300 characters` });

/** Coordinates of a GeoJSON MultiPolygon: degrees WGS 84, longitude first, 5 decimals. */
const MultiPolygon = Type.Array(Type.Array(Type.Array(Type.Array(Type.Number()))), {
  title: 'MultiPolygonCoordinates',
});

export const BoundaryFacts = Type.Object(
  {
    source: Type.String(),
    licence: Type.String(),
    system: System,
    points: count,
    /** In the file, before it was thinned out. */
    pointsGiven: count,
    /** User name; null: nobody any more. */
    importedBy: Nullable(Type.String()),
    importedAt: Time,
  },
  { title: 'BoundaryFacts' },
);
export const RegionBoundary = Type.Object(
  { region: RegionRef, boundary: Nullable(BoundaryFacts) },
  { title: 'RegionBoundary' },
);
export const BoundaryQuery = Type.Object(
  {
    ...pageQuery,
    /** Only regions that have a boundary, or only those without. */
    there: Type.Optional(Type.Boolean()),
  },
  Closed,
);

export const RegionMapQuery = Type.Object({ region: Type.Optional(ShortCode) }, Closed);
const Outline = Type.Object(
  { region: RegionRef, outline: Nullable(MultiPolygon), source: Nullable(Type.String()) },
  { title: 'RegionOutline' },
);
export const RegionMap = Type.Object(
  {
    /** The asked region, else the account's own; null: all regions. */
    region: Nullable(Outline),
    /** The regions directly below it. */
    below: Type.Array(Outline),
  },
  { title: 'RegionMap' },
);

export const BoundaryImport = Type.Object(
  {
    /** Which degrees the file has; gcj02 is converted. */
    system: System,
    /** Where the file is from, as it is shown below the map. */
    source: Said('where the file is from'),
    /** Under which terms it may be used. */
    licence: Said('the terms of its use'),
    /** true: says what would be done, and does nothing. */
    dryRun: Type.Boolean(),
    /** By index of the feature: code of the region that it is, or null to leave it out. */
    assign: Type.Optional(
      Type.Record(Type.String({ pattern: '^\\d{1,4}$' }), Nullable(ShortCode), {
        right: 'codes of regions (or null) by the index of the feature',
      }),
    ),
    collection: Type.Unknown({ description: 'A GeoJSON FeatureCollection of polygons' }),
  },
  { ...Closed, title: 'BoundaryImport' },
);
export const BoundaryResult = Type.Object(
  {
    dryRun: Type.Boolean(),
    /** Boundaries written, or that would be. */
    written: count,
    features: Type.Array(
      Type.Object({
        index: count,
        name: Type.String(),
        codes: Type.Array(Type.String()),
        region: Nullable(RegionRef),
        by: Nullable(Type.Enum(['code', 'name', 'hand'])),
        /** Why it stands for no region. */
        why: Nullable(Type.Enum(['none', 'several', 'taken', 'left_out'])),
        pointsGiven: count,
        points: count,
        /** The region has a boundary already. */
        replaces: Type.Boolean(),
      }),
    ),
    /** Regions beside the matched ones for which the file has nothing. */
    missing: Type.Array(RegionRef),
  },
  { title: 'BoundaryResult' },
);

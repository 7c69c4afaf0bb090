-- 辖区边界: outlines of regions for maps, brought by the operator. None is shipped.

create table region_boundary (
  region_id uuid primary key references region (id) on delete cascade,
  -- GeoJSON MultiPolygon coordinates: degrees WGS 84, 5 decimals, thinned out
  polygons jsonb not null check (jsonb_typeof(polygons) = 'array' and jsonb_array_length(polygons) > 0),
  points integer not null check (points >= 3),
  -- in the file, before it was thinned out
  points_given integer not null check (points_given >= 3),
  -- what the file's degrees were; gcj02 was converted
  system text not null check (system in ('wgs84', 'gcj02')),
  source text not null check (length(source) between 1 and 300),
  licence text not null check (length(licence) between 1 and 300),
  imported_by uuid references account (id),
  imported_at timestamptz not null
);

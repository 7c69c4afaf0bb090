-- 画区: what is drawn on a camera's picture, in 0..1 of it. An area is a box [x1, y1, x2, y2] or a polygon [[x, y], …]; regions of interest
-- and areas to ignore take both from now on.
-- Privacy masks are black in whatever leaves for the public, whatever else is said there.
alter table camera add column privacy_masks jsonb not null default '[]';
-- Parts of the picture that belong to another zone than the camera's own: [{"zone": id, "area": …}]. What is seen there is judged by that
-- zone's rules.
alter table camera add column zone_areas jsonb not null default '[]';
-- Smallest heads that count for this camera, pixels by kind: they raise the rule's own.
alter table camera add column min_sizes jsonb not null default '{}';

-- The boxes of a camera's last looks that somebody might count: what a changed area or score would do is worked out from them.
create table look_boxes (
  look_id uuid primary key,
  camera_id uuid not null references camera (id) on delete cascade,
  captured_at timestamptz not null,
  -- [{"at": …, "detections": […]}]
  frames jsonb not null
);
create index look_boxes_camera on look_boxes (camera_id, captured_at desc);

-- 告知: signs that say that cameras watch, and staff that was told; per camera, appended.
create table camera_notice (
  id uuid primary key default gen_random_uuid(),
  camera_id uuid not null references camera (id) on delete cascade,
  kind text not null check (kind in ('sign', 'staff')),
  note text not null default '' check (length(note) <= 500),
  -- a photo, as received and as shown
  object_key text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  shown_key text,
  shown_sha256 text check (shown_sha256 ~ '^[0-9a-f]{64}$'),
  recorded_by uuid not null references account (id),
  recorded_at timestamptz not null,
  check (num_nonnulls(object_key, sha256, shown_key, shown_sha256) in (0, 4))
);
create index camera_notice_camera on camera_notice (camera_id, kind, recorded_at desc);
create trigger camera_notice_append_only before update on camera_notice for each row execute function refuse_change();

-- Device tickets: cameras that do not see, and gateways that are gone. Never violations.

create table camera_fault (
  id uuid primary key default gen_random_uuid(),
  -- one of the two: a camera's ticket, or that of a gateway which is gone (kind offline)
  camera_id uuid references camera (id) on delete cascade,
  gateway_id uuid references gateway (id) on delete cascade,
  kind text not null check (kind in ('offline', 'black', 'frozen', 'covered', 'blurred', 'moved', 'clock')),
  -- since when it was so; the ticket was written later, once it had lasted
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- plain words
  cause text not null,
  -- measured values; services/domain/camera-health.ts
  detail jsonb not null default '{}',
  -- inhibition: the camera is silent because this gateway is gone, whose own ticket speaks for it
  muted_by uuid references gateway (id) on delete set null,
  -- when listeners were told; null while it is muted: then they are not told of its end either
  announced_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  created_at timestamptz not null default now(),
  check (num_nonnulls(camera_id, gateway_id) = 1),
  check (gateway_id is null or kind = 'offline'),
  check (muted_by is null or kind = 'offline'),
  check (closed_at is null or closed_at >= opened_at)
);
-- One open ticket a camera and kind, and a gateway.
create unique index camera_fault_open on camera_fault (camera_id, kind) where closed_at is null and camera_id is not null;
create unique index camera_fault_gateway_open on camera_fault (gateway_id) where closed_at is null and gateway_id is not null;
create index camera_fault_order on camera_fault (opened_at desc, id desc);
create index camera_fault_camera on camera_fault (camera_id, opened_at desc);

-- What a camera's pictures are compared with. `approved`: a person said that the camera shall look there. `automatic`: a good
-- picture that the gateway chose by itself, used as long as nobody approved one; it says nothing of where to look.
create table camera_reference (
  camera_id uuid not null references camera (id) on delete cascade,
  origin text not null check (origin in ('approved', 'automatic')),
  -- the picture as received; null for automatic ones, of which only measures are kept
  object_key text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  taken_at timestamptz not null,
  -- 64 × 36 luma, row by row
  thumbnail bytea not null check (length(thumbnail) = 2304),
  -- 160 × 90 luma, row by row
  small bytea not null check (length(small) = 14400),
  -- 144 float32, little-endian: detail of 16 × 9 tiles at 320 × 180
  tile_detail bytea not null check (length(tile_detail) = 576),
  approved_by uuid references account (id),
  approved_at timestamptz,
  primary key (camera_id, origin),
  check ((origin = 'approved') = (object_key is not null)),
  check ((origin = 'approved') = (sha256 is not null)),
  check ((origin = 'approved') = (approved_at is not null))
);

-- X = blind: black, covered, blurred or moved. Stronger than a look: a look at such a picture is no observation.
create or replace function coverage_stronger(a text, b text) returns text
  language sql immutable parallel safe
  return case when strpos('.COFDULX', a) >= strpos('.COFDULX', b) then a else b end;

-- A span of minutes [p_from, p_to) of one camera at once: what was seen there turns out to be blind. Minutes out of hours,
-- offline or frozen had no look that could be wrong, and keep their letters.
create function coverage_blind(p_camera uuid, p_from timestamptz, p_to timestamptz) returns void
  language sql
  begin atomic
    update coverage as c
      set minutes = (
        select string_agg(
          case
            when c.hour + make_interval(mins => i - 1) >= date_trunc('minute', p_from, 'UTC')
              and c.hour + make_interval(mins => i - 1) < p_to
              and substr(c.minutes, i, 1) in ('.', 'D', 'U', 'L')
            then 'X' else substr(c.minutes, i, 1)
          end, '' order by i
        )
        from generate_series(1, 60) as i
      )
      where c.camera_id = p_camera and c.hour > p_from - interval '1 hour' and c.hour < p_to;
  end;

-- 摄像头接入. A camera that was added waits for a person who approves what it sees: until then its pictures are shown to who may
-- approve them, and nobody looks for anything in them. Cameras that were there before stay in service.
alter table camera add column awaits_approval boolean not null default false;
-- 退回: why the last picture was not approved. {reason, note, at, by}; null: it was not declined, or approved since.
alter table camera add column declined jsonb;
-- 子码流: a second, smaller stream of the same camera; sealed like the first.
alter table camera add column rtsp_sub_url_sealed bytea;
alter table camera add constraint camera_sub_stream check (rtsp_sub_url_sealed is null or source = 'rtsp');
create index camera_awaits on camera (merchant_id) where awaits_approval and removed_at is null;

-- 探测: a question to the network that the gateway answers, since the gateway is where the cameras are. `stream` connects to a camera and takes
-- its first picture; `search` asks a network which cameras are there. Kept for a day.
create table camera_probe (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('stream', 'search')),
  merchant_id uuid not null references merchant (id),
  -- null: no camera of ours yet
  camera_id uuid references camera (id) on delete cascade,
  asked_by uuid not null references account (id),
  asked_at timestamptz not null,
  -- JSON with addresses, users and passwords; removed once it is answered
  question_sealed bytea,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done')),
  claimed_until timestamptz,
  answered_at timestamptz,
  answer jsonb,
  -- JPEG of the camera's first picture
  picture bytea,
  picture_at timestamptz,
  check ((state = 'done') = (answered_at is not null)),
  check ((state = 'done') = (answer is not null)),
  check ((picture is null) = (picture_at is null))
);
create index camera_probe_open on camera_probe (asked_at) where state <> 'done';
create index camera_probe_asked on camera_probe (asked_at);
create index camera_probe_camera on camera_probe (camera_id, asked_at) where camera_id is not null;

create function notify_probe() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_probe', '');
  return null;
end $$;
create trigger probe_notify after insert on camera_probe for each row execute function notify_probe();

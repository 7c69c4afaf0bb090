-- Where the process that pulls a camera hands out its live video (http://host:port); null: it hands out none.
alter table camera_lease add column video_url text;

-- Drops of the day are counted for the head of every page: without this, each count reads all looks of the day.
create index look_dropped on look (decided_at) where outcome in ('dropped', 'failed');

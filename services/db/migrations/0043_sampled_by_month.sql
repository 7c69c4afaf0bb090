-- Each month is asked whether any of its closed class-3 tasks was drawn.
create index task_sampled on task (closed_at) where sampled is not null;

-- A type of document is changed after the version that was looked at: its series stands before every number.
alter table document_type add column version integer not null default 1;

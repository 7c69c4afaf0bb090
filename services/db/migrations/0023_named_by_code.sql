-- What is named by its code gets an id as well: changes of it enter the audit (history speaks of ids).
alter table finding_kind add column id uuid not null default gen_random_uuid() unique;
alter table document_type add column id uuid not null default gen_random_uuid() unique;

-- Whether the merchant is told of documents of a type. Those to other offices (督办, 移送函) are not for the merchant they are about.
-- A type that a county makes goes to nobody but the office until somebody says that the merchant is its addressee.

alter table document_type add column to_merchant boolean not null default false;
update document_type set to_merchant = true
  where code in ('rectification_order', 'interview', 'reminder', 'rectification_notice');

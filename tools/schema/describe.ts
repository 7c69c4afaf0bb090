import pg from 'pg';

/** What makes up the schema, each as sorted lines. */
const PARTS: Record<string, string> = {
  columns: `
    select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then ' not null' else '' end,
                  coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`,
  constraints: `
    select format('%s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n' order by 1`,
  indexes: `select indexdef from pg_indexes where schemaname = 'public' order by indexname`,
  views: `select format('%s %s', viewname, md5(definition)) from pg_views where schemaname = 'public' order by viewname`,
  functions: `
    select format('%s(%s) %s', proname, pg_get_function_identity_arguments(oid), md5(pg_get_functiondef(oid)))
    from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
  triggers: `select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by tgname, tgrelid::regclass::text`,
};

/** The schema `public` of a database as text, equal for equal schemas. Functions appear as MD5 of their definition. */
export async function describeSchema(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const sections: string[] = [];
    for (const [name, query] of Object.entries(PARTS)) {
      const { rows } = await client.query<string[]>({ text: query, rowMode: 'array' });
      sections.push(`# ${name}\n${rows.map(([line]) => line).join('\n')}\n`);
    }
    return sections.join('\n');
  } finally {
    await client.end();
  }
}

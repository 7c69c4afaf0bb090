import { type RawBuilder, type SqlBool, sql } from 'kysely';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Condition: the row of `table` with this id, or with this code. */
export function isIdOrCode(table: string, idOrCode: string): RawBuilder<SqlBool> {
  const byId = UUID.test(idOrCode);
  return sql<SqlBool>`${sql.ref(`${table}.${byId ? 'id' : 'code'}`)} = ${byId ? idOrCode.toLowerCase() : idOrCode}`;
}

/** Pattern for `ilike` that finds `text` anywhere. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

/** The published schemas of events, and what of an event does not fit them. */
import { Compile } from 'typebox/compile';
import type { Api } from '../../api/support.ts';
import type { PlatformEvent } from './platform.ts';

export type Schema = Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };

/** As anybody may read them. */
export async function publishedSchemas({ app }: Api): Promise<Map<string, Schema>> {
  const answer = await app.inject({ method: 'GET', url: '/api/v1/event-schemas' });
  const { items } = answer.json<{ items: { type: string; schema: Schema }[] }>();
  return new Map(items.map(({ type, schema }) => [type, schema]));
}

/** The schema with no room for members that it does not name. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}

/** Missing members, members of another sort, and members that the schema does not name; empty: it fits. */
export function misfits(schemas: ReadonlyMap<string, Schema>, event: PlatformEvent): string[] {
  const check = Compile(strict(schemas.get(event.type)) as object);
  return check
    .Errors(event)
    .map(({ instancePath, message, params }) =>
      `${event.type} ${instancePath} ${message} ${JSON.stringify(params)}`.replaceAll(' {}', ''),
    );
}

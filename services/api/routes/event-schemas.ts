import { Type } from 'typebox';
import { EVENT_SCHEMA_VERSION, eventSchema, PLATFORM_EVENTS } from '../../domain/event-schema.ts';
import type { App } from '../app-type.ts';
import { notFound } from '../problem.ts';
import { Closed } from '../schemas/common.ts';

const Schema = Type.Record(Type.String(), Type.Unknown(), { title: 'EventSchema' });
const Params = Type.Object({ type: Type.String({ maxLength: 64 }) }, Closed);

/** What platforms are sent, as JSON Schema: open to anybody, it says nothing of anyone. */
export function eventSchemaRoutes(api: App): void {
  const tags = ['events'];
  const schemas = PLATFORM_EVENTS.map((type) => ({ type, schema: eventSchema(type) }));
  api.get(
    '/event-schemas',
    {
      config: { access: 'open' },
      schema: {
        tags,
        summary: 'JSON Schema of every event that platforms are sent (webhook and MQTT)',
        security: [],
        response: {
          200: Type.Object({
            schemaVersion: Type.Integer(),
            items: Type.Array(Type.Object({ type: Type.String(), schema: Schema })),
          }),
        },
      },
    },
    async () => ({ schemaVersion: EVENT_SCHEMA_VERSION, items: schemas }),
  );
  api.get(
    '/event-schemas/:type',
    {
      config: { access: 'open' },
      schema: {
        tags,
        summary: 'JSON Schema of one event',
        security: [],
        params: Params,
        response: { 200: Schema },
      },
    },
    async (request, reply) => {
      const found = schemas.find(({ type }) => type === request.params.type);
      if (found === undefined) throw notFound('event type');
      return await reply.type('application/schema+json').send(found.schema);
    },
  );
}

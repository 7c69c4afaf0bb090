import { Type } from 'typebox';
import { type EventCursor, parseCursor } from '../../db/events.ts';
import { EVENT_TYPES, isEventType } from '../../domain/event-types.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { sessionOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { streamEvents } from '../event-stream.ts';
import { invalid } from '../problem.ts';
import { Closed } from '../schemas/common.ts';

const EventQuery = Type.Object(
  {
    types: Type.Optional(Type.String({ maxLength: 400 })),
    /** For clients that cannot set Last-Event-ID. */
    after: Type.Optional(Type.String({ maxLength: 40 })),
  },
  Closed,
);

const MOST_XID = 2n ** 64n;
const MOST_ID = 2n ** 63n;

function cursorOf(text: string): EventCursor {
  const cursor = parseCursor(text);
  if (cursor === undefined || BigInt(cursor.xid) >= MOST_XID || BigInt(cursor.id) >= MOST_ID) {
    throw invalid({ field: 'Last-Event-ID', ...said('not_an_event_id', { text: JSON.stringify(text) }) });
  }
  return cursor;
}

function typesOf(text: string | undefined): Set<string> | undefined {
  if (text === undefined || text === '') return undefined;
  const types = text.split(',');
  const wrong = types.find((type) => !isEventType(type));
  if (wrong === undefined) return new Set(types);
  const known = EVENT_TYPES.join(', ');
  throw invalid({ field: 'query.types', ...said('some_of', { value: JSON.stringify(wrong), known }) });
}

export function eventRoutes(api: App, context: ApiContext): void {
  const { events } = context;
  api.get(
    '/events',
    {
      // A HEAD request would open a stream that nobody reads.
      exposeHeadRoute: false,
      config: { access: 'event.read' },
      schema: {
        tags: ['events'],
        summary: 'Live changes as server-sent events; Last-Event-ID continues where one was cut off',
        description:
          'Each event has the name of its type and data `{id, type, at, merchantId, payload}`. `reset` says that the given ' +
          'id is of no use: read the lists anew.',
        produces: ['text/event-stream'],
        querystring: EventQuery,
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      const types = typesOf(request.query.types);
      const header = request.headers['last-event-id'];
      const given = typeof header === 'string' && header !== '' ? header : request.query.after;
      const asked = given === undefined ? undefined : cursorOf(given);
      const reset = asked !== undefined && !(await events.knows(asked));
      const from = asked === undefined || reset ? await events.latest() : asked;
      reply.hijack();
      streamEvents(context, reply.raw, { session, types, from, reset, log: request.log });
    },
  );
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { openRequests, openServices } from '../../db/open-requests.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { type Fields, requestFields, serviceFields, toXml } from '../open311/answers.ts';
import { type Asked, GeoReportError, jurisdictionOf, questionOf } from '../open311/question.ts';
import { GeoReportErrors, GeoReportItems, GeoReportQuery } from '../schemas/open-data.ts';

const tags = ['open311'];
const FLOOD = { max: 120, timeWindow: '1 minute' };
const FORMATS = ['json', 'xml'] as const;
type Format = (typeof FORMATS)[number];

/** Open311 GeoReport v2, read only: what regions let anybody read (open_data_policy); by default nothing. */
export function open311Routes(api: App, context: ApiContext): void {
  const { db, now } = context;

  function route(
    format: Format,
    path: string,
    summary: string,
    names: readonly [string, string],
    read: (jurisdiction: string, asked: Asked, request: FastifyRequest) => Promise<Fields[]>,
  ): void {
    const byId = path.includes(':id');
    api.get(
      `/open311/v2/${path}.${format}`,
      {
        config: { access: 'open', rateLimit: FLOOD },
        schema: {
          tags,
          summary,
          security: [],
          querystring: GeoReportQuery,
          ...(byId && { params: Type.Object({ id: Type.String({ maxLength: 64 }) }) }),
          response: {
            200: format === 'json' ? GeoReportItems : Type.String(),
            400: format === 'json' ? GeoReportErrors : Type.String(),
            404: format === 'json' ? GeoReportErrors : Type.String(),
          },
        },
      },
      async (request, reply) => {
        const asked: Static<typeof GeoReportQuery> = request.query;
        try {
          const jurisdiction = await jurisdictionOf(db, asked.jurisdiction_id);
          return await send(reply, format, 200, names, await read(jurisdiction, asked as Asked, request));
        } catch (error) {
          if (!(error instanceof GeoReportError)) throw error;
          const fault = { code: error.status, description: error.message };
          return await send(reply, format, error.status, ['errors', 'error'], [fault]);
        }
      },
    );
  }

  for (const format of FORMATS) {
    route(
      format,
      'services',
      'Kinds of findings that are public (Open311)',
      ['services', 'service'],
      async (jurisdiction) => (await openServices(db, jurisdiction)).map(serviceFields),
    );
    route(
      format,
      'requests',
      'Public tasks (Open311), at most 1000 and 90 days',
      ['service_requests', 'request'],
      async (jurisdiction, asked) =>
        (await openRequests(db, questionOf(jurisdiction, asked, now()), now())).map(requestFields),
    );
    route(
      format,
      'requests/:id',
      'One public task (Open311)',
      ['service_requests', 'request'],
      async (jurisdiction, _asked, request) => {
        const { id } = request.params as { id: string };
        const rows = await openRequests(db, { jurisdiction, numbers: [id], limit: 1, offset: 0 }, now());
        if (rows.length === 0) throw new GeoReportError(404, 'service_request_id was not found');
        return rows.map(requestFields);
      },
    );
  }
}

async function send(
  reply: FastifyReply,
  format: Format,
  status: number,
  names: readonly [string, string],
  items: readonly Fields[],
): Promise<FastifyReply> {
  reply.code(status);
  if (format === 'json') return await reply.send(items);
  return await reply
    .type('application/xml; charset=utf-8')
    .serializer((text: string) => text)
    .send(toXml(names, items));
}

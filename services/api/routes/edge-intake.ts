import { type Static, Type } from 'typebox';
import { takeAttempt } from '../../db/attempt-window.ts';
import { takeEdgeEvent } from '../../db/edge-events.ts';
import { verifyGatewaySecret } from '../../db/gateway-secret.ts';
import { type GatewayRecord, loadGateways } from '../../db/registry.ts';
import { said } from '../../domain/said.ts';
import { BadEdgeEvent, EDGE_FORMATS, type EdgeFormat } from '../../edge/reading.ts';
import { takeEdgeMessage } from '../../edge/take.ts';
import { readJpegSize } from '../../media/jpeg-header.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { edgeBody } from '../edge-body.ts';
import { invalid, Problem } from '../problem.ts';
import { Closed, Nullable, Uuid } from '../schemas/common.ts';

/** Bytes of one message: what recorders send with several pictures. */
const BODY_LIMIT = 8 * 1024 * 1024;
/** Wrong secrets of one address before it is told to wait. */
const ATTEMPTS = { max: 20, windowS: 60 };

const IntakeParams = Type.Object({ format: Type.Enum(['auto', ...EDGE_FORMATS]) }, Closed);
const Taken = Type.Object(
  {
    format: Type.Enum([...EDGE_FORMATS]),
    events: Type.Array(
      Type.Object({
        taken: Type.Enum(['new', 'repeated', 'ended']),
        id: Nullable(Uuid),
        outcome: Nullable(Type.Enum(['waiting', 'kept'])),
        reason: Type.String(),
      }),
    ),
  },
  { title: 'EdgeTaken' },
);

/** Where edge boxes and recorders that speak HTTP push their events; those that speak MQTT use their topic `event`. */
export function edgeIntakeRoutes(api: App, context: ApiContext): void {
  const { db, store, now } = context;

  /** HTTP Basic with the gateway's code and secret: what every box can be told in its address. */
  const gatewayOf = async (authorization: string | undefined, address: string): Promise<GatewayRecord> => {
    const [, coded = ''] = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '') ?? [];
    const [, code = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(coded, 'base64').toString()) ?? [];
    const [gateway] = await loadGateways(db, code);
    if (gateway?.enabled === true && (await verifyGatewaySecret(secret, gateway.secretHash))) return gateway;
    // Secrets are random: nobody guesses one. Counted all the same, so that a box with an old one does not flood.
    const retryAfterS = await takeAttempt(db, `edge|${address}`, ATTEMPTS, now());
    if (retryAfterS !== undefined)
      throw new Problem('too-many-attempts', said('too_many_wrong_secrets'), { retryAfterS });
    throw new Problem('not-signed-in', said('gateway_credentials'));
  };

  // A scope of its own: boxes name their bodies as they like.
  api.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(
      '/edge/intake/:format',
      {
        bodyLimit: BODY_LIMIT,
        config: { access: 'open' },
        schema: {
          tags: ['edge'],
          summary:
            'What an edge box or recorder found: JSON, XML, lines or multipart, in the format the address names',
          description:
            "Credentials are the gateway's code and secret (HTTP Basic). `auto` tells the format by its shape. Kept once, however " +
            'often it is sent; the payload is kept as it came.',
          consumes: [
            'application/json',
            'application/xml',
            'text/plain',
            'multipart/form-data',
            'multipart/mixed',
          ],
          params: IntakeParams,
          response: { 200: Taken },
        },
      },
      async (request): Promise<Static<typeof Taken>> => {
        const gateway = await gatewayOf(request.headers.authorization, request.ip);
        if (!Buffer.isBuffer(request.body) || request.body.length === 0)
          throw invalid({ field: 'body', ...said('event_is_empty') });
        const { event, ...more } = edgeBody(request.body, request.headers['content-type'] ?? '');
        const { format } = request.params;
        try {
          const result = await takeEdgeMessage(
            {
              gatewayId: gateway.id,
              timeZone: gateway.timeZone,
              bytes: event,
              ...more,
              ...(format === 'auto' ? {} : { format: format as EdgeFormat }),
            },
            {
              put: (key, bytes, contentType) => store.put(key, bytes, { contentType }),
              sizeOf: readJpegSize,
              keep: (record) => takeEdgeEvent(db, record, now()),
              now,
            },
          );
          return { format: result.format, events: result.taken };
        } catch (error) {
          if (error instanceof BadEdgeEvent)
            throw invalid({ field: error.field, ...said('event_not_read', { why: error.message }) });
          throw error;
        }
      },
    );
  });
}

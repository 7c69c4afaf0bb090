import { Type } from 'typebox';
import { textOfBytes } from '../../domain/text-bytes.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { formatOf } from '../import/read.ts';
import { runImport } from '../import/run.ts';
import { Closed, Nullable } from '../schemas/common.ts';

/** Bytes: a province's 73,000 cameras as CSV are about 15 MB. */
const BODY_LIMIT = 32 * 1_048_576;

const counts = { created: Type.Integer(), updated: Type.Integer(), unchanged: Type.Integer() };
const ImportResult = Type.Object(
  {
    dryRun: Type.Boolean(),
    ...counts,
    sections: Type.Record(Type.String(), Type.Object(counts)),
    /** Cameras whose masks, areas or limits change, 500 at most: how many there will be, or the limits by kind; null: unchanged. */
    drawn: Type.Array(
      Type.Object({
        camera: Type.String(),
        row: Nullable(Type.Integer()),
        timestampAreas: Nullable(Type.Integer()),
        regionsOfInterest: Nullable(Type.Integer()),
        ignoreAreas: Nullable(Type.Integer()),
        privacyMasks: Nullable(Type.Integer()),
        zoneAreas: Nullable(Type.Integer()),
        minScores: Nullable(Type.Record(Type.String(), Type.Number())),
        minSizes: Nullable(Type.Record(Type.String(), Type.Number())),
      }),
    ),
    /** Cameras whose masks, areas or limits change: all of them. */
    drawnCount: Type.Integer(),
    /** MQTT passwords of the gateways that were made: shown only in this answer. */
    secrets: Type.Array(
      Type.Object({ gateway: Type.String(), username: Type.String(), password: Type.String() }),
    ),
  },
  { title: 'ImportResult' },
);
const ImportQuery = Type.Object({ dryRun: Type.Optional(Type.Boolean({ default: false })) }, Closed);

/** Regions, merchants, zones, gateways, cameras and rules in one file. */
export function importRoutes(api: App, context: ApiContext): void {
  // A scope of its own: nowhere else are YAML and CSV read.
  api.register(async (scope: App) => {
    scope.addContentTypeParser(
      ['text/csv', 'text/yaml', 'application/yaml', 'application/x-yaml'],
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body: Buffer, done) => done(null, textOfBytes(body)),
    );
    scope.post(
      '/import',
      {
        bodyLimit: BODY_LIMIT,
        config: { access: 'registry.write' },
        schema: {
          tags: ['registry'],
          summary: 'Import a registry: JSON, YAML (application/yaml) or CSV (text/csv), all or nothing',
          description:
            'Keyed by codes and idempotent: what is there is changed where it differs, what is not named stays. JSON and YAML ' +
            'hold lists `regions, merchants, zones, gateways, cameras, rules` whose entries are the bodies of the POST routes; ' +
            'CSV holds one row a camera. CSV and YAML are UTF-8, or GB 18030 as Excel and WPS save it. Examples: docs/examples/county.yaml and county.csv.',
          consumes: ['application/json', 'application/yaml', 'text/csv'],
          querystring: ImportQuery,
          body: Type.Unknown(),
          response: { 200: ImportResult },
        },
      },
      async (request) =>
        await runImport(context, actorOf(request), {
          format: formatOf(request.headers['content-type']),
          body: request.body,
          dryRun: request.query.dryRun ?? false,
        }),
    );
  });
}

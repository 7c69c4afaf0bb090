import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app-type.ts';
import { shapeDocument } from './document-shape.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** OpenAPI 3.1, made from the routes' schemas: /openapi.json, and to be tried out at /docs. */
export async function registerDocument(app: App): Promise<void> {
  await app.register(swagger, {
    transformObject: (made) =>
      'openapiObject' in made ? shapeDocument(made.openapiObject) : made.swaggerObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mingzao 明灶',
        version,
        description:
          'Smart-kitchen video monitoring: cameras, looks, findings, rectification tasks. Errors are problem details ' +
          '(RFC 9457); lists are pages `{items, nextCursor}`; times are UTC; boxes are [x1, y1, x2, y2] in 0..1 of the picture.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'mingzao_session' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

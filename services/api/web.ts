import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { App } from './app-type.ts';
import type { ApiContext } from './context.ts';
import { handleNotFound } from './problem-handler.ts';

const NOT_BUILT =
  'The page is not built yet: npm run build, then start again. The API is described at /docs.\n';
/** Addresses that are never pages of the app. */
const NOT_PAGES = /^\/(api|files|docs|assets|openapi\.json|healthz|readyz|metrics)(\/|$)/;

/** The page at /, and what to answer to addresses nobody serves; the page's own addresses (/findings, /tasks/…) all get index.html. */
export async function registerWeb(app: App, context: ApiContext): Promise<void> {
  if (!existsSync(join(context.webRoot, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(NOT_BUILT),
    );
    app.setNotFoundHandler(handleNotFound);
    return;
  }
  await app.register(staticFiles, {
    root: context.webRoot,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders(reply, path) {
      // Vite puts a hash of the content into the names below assets/.
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage = request.method === 'GET' && !NOT_PAGES.test(path);
    return isPage ? reply.sendFile('index.html') : handleNotFound(request, reply);
  });
}

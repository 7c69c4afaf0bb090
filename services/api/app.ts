/** The HTTP server: plugins, guard and routes, each registered by name here. Nothing is found by itself. */
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { App } from './app-type.ts';
import { guardRoutes } from './auth.ts';
import type { ApiContext } from './context.ts';
import { registerDocument } from './document.ts';
import { observe } from './observe.ts';
import { handleError } from './problem-handler.ts';
import { ROOT_ROUTES, V1_ROUTES } from './routes/all.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { compileValidator } from './validation.ts';
import { registerWeb } from './web.ts';

/** Bytes of a request's body; the import has its own limit. */
const BODY_LIMIT = 1_048_576;

/** Milliseconds that requests in hand may take when the server stops. */
const FINISH_WITHIN_MS = 1500;

/** Builds the server; it listens to nobody yet. */
export async function buildApp(context: ApiContext): Promise<App> {
  const loggerInstance: FastifyBaseLogger = context.log;
  const app: App = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // These say in X-Forwarded-For who asks; nobody else is believed.
    trustProxy: ['loopback', ...context.config.trustedProxies],
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 128 },
  });
  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler(handleError);
  observe(app, context);
  app.addHook('preClose', async () => {
    await context.events.close();
    context.liveWindows.close();
    // Who has not finished by then (a slow client, a connection without a request) is cut off.
    setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS).unref();
  });

  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await registerSecurityHeaders(app, context);
  await registerDocument(app);
  await app.register(async (root: App) => {
    for (const add of ROOT_ROUTES) add(root, context);
  });
  await app.register(
    async (api: App) => {
      guardRoutes(api, context);
      for (const add of V1_ROUTES) add(api, context);
    },
    { prefix: '/api/v1' },
  );
  await registerWeb(app, context);
  return app;
}

import { sql } from 'kysely';
import { pendingMigrations } from '../../db/pending-migrations.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';

/** Milliseconds a part may take to answer. */
const WITHIN_MS = 2000;

export function healthRoutes(app: App, context: ApiContext): void {
  app.get('/healthz', { schema: { tags: ['health'], summary: 'The process lives', security: [] } }, () => ({
    status: 'ok',
  }));

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['health'],
        summary: '200 when the database answers, its schema is the newest and the queue answers; else 503',
        security: [],
      },
    },
    async (_request, reply) => {
      const checks = {
        database: await answers(() => sql`select 1`.execute(context.db)),
        migrations: await answers(async () => {
          const pending = await pendingMigrations(context.db);
          if (pending.length > 0) throw new Error(`not run yet: ${pending.join(', ')}`);
        }),
        queue: await answers(() => context.queueDepth()),
      };
      const ready = Object.values(checks).every((check) => check === 'ok');
      return await reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks });
    },
  );
}

async function answers(ask: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${WITHIN_MS} ms`)), WITHIN_MS);
  });
  try {
    await Promise.race([ask(), late]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

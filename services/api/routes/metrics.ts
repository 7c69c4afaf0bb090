import { sql } from 'kysely';
import { may } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { authenticate } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { queueDepthOrNull } from '../queue-depth.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Prometheus' text, for this machine or an operator's token. */
export function metricsRoutes(app: App, context: ApiContext): void {
  app.get(
    '/metrics',
    { schema: { tags: ['health'], summary: 'Metrics, from this machine or with an operator’s token' } },
    async (request, reply) => {
      if (!LOOPBACK.test(request.ip)) {
        const { actor } = await authenticate(request, context);
        if (!may(actor, 'operation.read')) throw new Problem('not-allowed', said('metrics_for_operators'));
      }
      await collect(context);
      const { registry } = context.metrics;
      return await reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

/** Reads what only the database and the queue know. */
async function collect(context: ApiContext): Promise<void> {
  const { db, metrics } = context;
  const since = new Date(context.now().getTime() - 3_600_000);
  const counted = async (query: ReturnType<typeof sql<{ label: string; count: string }>>) =>
    (await query.execute(db)).rows;
  const set = (
    gauge: { reset(): void; set(labels: Record<string, string>, value: number): void },
    name: string,
    rows: { label: string; count: string }[],
  ): void => {
    gauge.reset();
    for (const row of rows) gauge.set({ [name]: row.label }, Number(row.count));
  };
  const [looks, outbox, cameras, findings, faults, overdue, queue] = await Promise.all([
    counted(
      sql`select outcome as label, count(*) from look where state = 'decided' and decided_at > ${since} group by 1`,
    ),
    counted(sql`select state as label, count(*) from outbox group by 1`),
    counted(sql`select coalesce(s.state, 'unknown') as label, count(*)
                from camera left join camera_status s on s.camera_id = camera.id
                where camera.removed_at is null group by 1`),
    counted(sql`select state as label, count(*) from finding group by 1`),
    counted(sql`select fault as label, count(*) from step_fault where at > ${since} group by 1`),
    counted(
      sql`select 'overdue' as label, count(*) from task where next_step_at < ${new Date(context.now().getTime() - 60_000)}`,
    ),
    queueDepthOrNull(context),
  ]);
  set(metrics.looks, 'outcome', looks);
  set(metrics.outbox, 'state', outbox);
  set(metrics.cameras, 'state', cameras);
  set(metrics.findings, 'state', findings);
  set(metrics.stepFaults, 'fault', faults);
  metrics.stepsOverdue.set(Number(overdue[0]?.count ?? 0));
  // Nothing rather than an old figure while the queue does not answer.
  metrics.queue.reset();
  if (queue === null) return;
  metrics.queue.set({ state: 'waiting' }, queue.waiting);
  metrics.queue.set({ state: 'active' }, queue.active);
}

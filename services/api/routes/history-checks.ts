import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import { checkHistory } from '../../db/history-checks.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { Nullable, Time } from '../schemas/common.ts';
import { checkPolicyChange } from '../scope.ts';

const HistoryCheck = Type.Object(
  {
    startedAt: Time,
    finishedAt: Time,
    rows: Type.Integer(),
    chains: Type.Integer(),
    /** All that was found; listed are the first hundred. */
    faultCount: Type.Integer(),
    faults: Type.Array(
      Type.Object({
        entity: Type.String(),
        entityId: Type.String(),
        historyId: Nullable(Type.String()),
        fault: Type.String(),
        detail: Type.String(),
      }),
    ),
  },
  { title: 'HistoryCheck' },
);
const MOST = 60;

/** The nightly walk over the hash chains of history. */
export function historyCheckRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  const latest = async (limit: number) =>
    (await db.selectFrom('history_check').selectAll().orderBy('id', 'desc').limit(limit).execute()).map(
      (row) => ({
        startedAt: row.started_at.toISOString(),
        finishedAt: row.finished_at.toISOString(),
        rows: Number(row.rows),
        chains: Number(row.chains),
        faultCount: row.fault_count,
        faults: row.faults,
      }),
    );

  api.get(
    '/history-checks',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary:
          'Checks of the history, newest first: whole, or what was altered behind the back of the service',
        response: { 200: Type.Object({ items: Type.Array(HistoryCheck) }) },
      },
    },
    async (request) => {
      checkPolicyChange(actorOf(request), 'audit.read', null);
      return { items: await latest(MOST) };
    },
  );

  api.post(
    '/history-checks',
    {
      config: { access: 'operation.write' },
      schema: { tags: ['audit'], summary: 'Check the history now', response: { 201: HistoryCheck } },
    },
    async (request, reply) => {
      const { accountId } = actorOf(request);
      checkPolicyChange(actorOf(request), 'operation.write', null);
      // Before it begins: the check covers the row that says who asked for it.
      const asked = { entity: 'account', entityId: accountId, to: 'history_check_started' };
      await db
        .transaction()
        .execute((tx) => recordChange(tx, { ...asked, ...authorOf(request, context), place: null }));
      await checkHistory(db, now);
      const [check] = await latest(1);
      if (check === undefined) throw new Error('the check was not kept');
      return await reply.code(201).send(check);
    },
  );
}

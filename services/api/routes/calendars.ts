import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { auditedAddIn, auditedChangeIn } from '../../db/registry-audit.ts';
import { textOfBytes } from '../../domain/text-bytes.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { checkAfter } from '../changed-meanwhile.ts';
import type { ApiContext } from '../context.ts';
import { type CalendarRows, calendarFaults, readCalendarCsv } from '../import/calendar-csv.ts';
import { invalid, notFound } from '../problem.ts';
import { regionRef } from '../queries/policies.ts';
import { policyRegion } from '../queries/refs.ts';
import { Closed, Name, ShortCode } from '../schemas/common.ts';
import { ByCode, Calendar, CalendarBody } from '../schemas/policy-document.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['policy'];
const BODY_LIMIT = 1_048_576;
const CsvQuery = Type.Object(
  {
    name: Name,
    region: Type.Optional(ShortCode),
    /** The version that was looked at; left out: there is no calendar of this code yet. */
    after: Type.Optional(Type.Integer({ minimum: 1, right: 'the version that was looked at' })),
  },
  Closed,
);

/** 工作日历: holidays with make-up working days, school terms; policies name them by code. */
export function calendarRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('calendar')
      .leftJoin('region', 'region.id', 'calendar.region_id')
      .selectAll('calendar')
      .select(['region.path as region_path', 'region.code as region_code', 'region.name as region_name'])
      .orderBy('calendar.code');
  const item = (row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>) => ({
    code: row.code,
    region: regionRef(row),
    name: row.name,
    days: row.days,
    terms: row.terms,
    version: row.version,
    changedAt: row.changed_at.toISOString(),
  });

  api.get(
    '/calendars',
    {
      config: { access: 'policy.read' },
      schema: {
        tags,
        summary: 'Calendars that the account’s regions may name',
        response: { 200: Type.Object({ items: Type.Array(Calendar) }) },
      },
    },
    async (request) => {
      const rows = await select()
        .where(inForceFor(actorOf(request), 'region.path'))
        .execute();
      return { items: rows.map(item) };
    },
  );

  api.get(
    '/calendars/:code',
    {
      config: { access: 'policy.read' },
      schema: { tags, summary: 'One calendar', params: ByCode, response: { 200: Calendar } },
    },
    async (request) => item(await find(request, request.params.code)),
  );

  const find = async (request: FastifyRequest, code: string) => {
    const row = await select()
      .where('calendar.code', '=', code)
      .where(inForceFor(actorOf(request), 'region.path'))
      .executeTakeFirst();
    if (row === undefined) throw notFound('calendar');
    return row;
  };

  api.put(
    '/calendars/:code',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'policy.write' },
      schema: {
        tags,
        summary:
          'Write a calendar whole, after the version that was looked at; tasks already issued keep the days that were frozen onto them',
        params: ByCode,
        body: CalendarBody,
        response: { 200: Calendar },
      },
    },
    async (request) => await write(request, request.params.code, request.body),
  );

  // A scope of its own: CSV is read nowhere else.
  api.register(async (scope: App) => {
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body: Buffer, done) => done(null, textOfBytes(body)),
    );
    scope.post(
      '/calendars/:code/import',
      {
        bodyLimit: BODY_LIMIT,
        config: { access: 'policy.write' },
        schema: {
          tags,
          summary: 'Write a calendar from CSV (text/csv)',
          description:
            'Columns `date,type,name,to`; type `off` (holiday), `work` (make-up working day) or `term`; `to` is the last day ' +
            'of several. Example: docs/examples/calendar-cn-2026.csv.',
          consumes: ['text/csv'],
          params: ByCode,
          querystring: CsvQuery,
          body: Type.Unknown(),
          response: { 200: Calendar },
        },
      },
      async (request) => {
        const rows = readCalendarCsv(typeof request.body === 'string' ? request.body : '');
        if ('errors' in rows) throw invalid(...rows.errors);
        const { code } = request.params as Static<typeof ByCode>;
        return await write(request, code, { ...request.query, after: request.query.after ?? null, ...rows });
      },
    );
  });

  async function write(request: FastifyRequest, code: string, body: Static<typeof CalendarBody>) {
    const actor = actorOf(request);
    const rows: CalendarRows = { days: body.days ?? [], terms: body.terms ?? [] };
    const faults = calendarFaults(rows);
    if (faults.length > 0) throw invalid(...faults);
    const where = await policyRegion(db, actor, body.region, 'policy.write');
    checkPolicyChange(actor, 'policy.write', where?.path ?? null);
    const there = await select().where('calendar.code', '=', code).executeTakeFirst();
    // Whose it is now decides too: nobody takes over a calendar of others by naming it.
    if (there !== undefined) checkPolicyChange(actor, 'policy.write', there.region_path);
    const author = authorOf(request, context);
    const values = {
      name: body.name,
      region_id: where?.id ?? null,
      days: JSON.stringify(rows.days),
      terms: JSON.stringify(rows.terms),
      changed_by: author.actorId,
      changed_at: author.at,
    };
    await db.transaction().execute(async (tx) => {
      if (there === undefined) {
        checkAfter(body.after, null);
        await auditedAddIn(tx, 'calendar', author, (inner) =>
          inner
            .insertInto('calendar')
            .values({ code, ...values })
            .returning('id')
            .executeTakeFirstOrThrow(),
        );
        return;
      }
      await auditedChangeIn(tx, 'calendar', there.id, author, async (inner) => {
        const of = inner.selectFrom('calendar').select('version').where('id', '=', there.id);
        const { version } = await of.executeTakeFirstOrThrow();
        checkAfter(body.after, version);
        await inner
          .updateTable('calendar')
          .set({ ...values, version: version + 1 })
          .where('id', '=', there.id)
          .execute();
      });
    });
    return item(await select().where('calendar.code', '=', code).executeTakeFirstOrThrow());
  }
}

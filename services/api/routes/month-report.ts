import { Type } from 'typebox';
import { renderReport } from '../../documents/report.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { reportContent } from '../report/content.ts';
import { gatherReport } from '../report/gather.ts';
import { Closed, ShortCode } from '../schemas/common.ts';

/** 月报: the director's month as a file that can be printed and sent up. */
export function monthReportRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/statistics/report',
    {
      config: { access: 'report.read' },
      schema: {
        tags: ['statistics'],
        summary:
          'The report of a month as PDF: rates with their counts and hours, trends, ranking, visits, documents',
        description: 'The figures are those of GET /statistics for the same month and region.',
        produces: ['application/pdf'],
        querystring: Type.Object(
          {
            month: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', right: 'a month like 2026-10' }),
            region: Type.Optional(ShortCode),
            language: Type.Optional(Type.Enum(['zh', 'en'])),
          },
          Closed,
        ),
        response: { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { month, region, language = 'zh' } = request.query;
      const now = context.now();
      const report = await gatherReport(db, actor, { month, region }, now);
      const pdf = await renderReport(reportContent(report, language));
      reply.header('content-disposition', `attachment; filename="report-${month}.pdf"`);
      reply.header('cache-control', 'no-store');
      return await reply.type('application/pdf').send(pdf);
    },
  );
}

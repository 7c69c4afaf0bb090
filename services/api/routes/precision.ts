import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { countVerdicts } from '../../db/precision.ts';
import { isWrong, precisionOf } from '../../domain/precision.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../problem.ts';
import { PrecisionAnswer, PrecisionQuery } from '../schemas/learning.ts';
import { inRegion, inScope } from '../scope.ts';

const DAY_MS = 86_400_000;
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };

/** How often findings were right, by what inspectors said of them in the end. */
export function precisionRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.get(
    '/precision',
    {
      config: { access: 'finding.read' },
      schema: {
        tags: ['learning'],
        summary:
          'Confirmed and dismissed findings per camera, kind or model version; what an appeal was upheld against counts as ' +
          'dismissed. Verdicts of the last 14 days unless told',
        querystring: PrecisionQuery,
        response: { 200: PrecisionAnswer },
      },
    },
    async (request) => {
      const { group, camera, merchant, region } = request.query;
      const to = request.query.to === undefined ? context.now() : new Date(request.query.to);
      const from =
        request.query.from === undefined
          ? new Date(to.getTime() - 14 * DAY_MS)
          : new Date(request.query.from);
      if (from >= to) throw invalid({ field: 'query.from', ...said('before_query_to') });
      const conditions: RawBuilder<SqlBool>[] = [inScope(actorOf(request), PLACE)];
      if (camera !== undefined) conditions.push(sql<SqlBool>`camera.code = ${camera}`);
      if (merchant !== undefined) conditions.push(sql<SqlBool>`merchant.code = ${merchant}`);
      if (region !== undefined) conditions.push(inRegion('region.path', region));
      const where = sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
      const rows = await countVerdicts(db, { group, from, to, where });
      const ids = [...new Set(rows.flatMap(({ cameraId }) => (cameraId === null ? [] : [cameraId])))];
      const cameras =
        ids.length === 0
          ? []
          : await db.selectFrom('camera').select(['id', 'code', 'name']).where('id', 'in', ids).execute();
      const items = rows.map(({ kind, cameraId, model, confirmed, reasons }) => {
        const wrong = Object.entries(reasons).filter(([reason]) => isWrong(reason));
        const dismissed = wrong.reduce((sum, [, n]) => sum + n, 0);
        const { share, ...counted } = precisionOf(confirmed, dismissed);
        const found = cameras.find(({ id }) => id === cameraId) ?? null;
        return { kind, camera: found, model, ...counted, precision: share, reasons };
      });
      // What is surely bad first.
      items.sort((a, b) => a.high - b.high || b.dismissed - a.dismissed);
      return { from: from.toISOString(), to: to.toISOString(), items };
    },
  );
}

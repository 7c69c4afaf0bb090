import { randomBytes } from 'node:crypto';
import { cancelDraw, commitDraw, loadEntries, loadInspectors, revealDraw } from '../../db/draws.ts';
import type { Actor } from '../../domain/access.ts';
import { may } from '../../domain/access.ts';
import { listFault } from '../../domain/draw.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, olderThan, pageOf, TIME_PART, UUID_PART } from '../cursor.ts';
import { invalid, Problem } from '../problem.ts';
import { type DrawRow, drawExport, drawItem, drawPage, selectDraws } from '../queries/draws.ts';
import { ById, Page } from '../schemas/common.ts';
import { Cancel, Draw, DrawExport, DrawPage, DrawQuery, NewDraw, Reveal } from '../schemas/draw.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['draws'];
const PLACE = { regionPath: 'region.path', merchantId: null };
const SECRET_BYTES = 32;

/** 双随机: published, then drawn, then open to anyone who wants to repeat it. */
export function drawRoutes(api: App, context: ApiContext): void {
  const { db, sealer } = context;
  const find = async (actor: Actor, id: string, action: 'draw.read' | 'draw.make'): Promise<DrawRow> =>
    seen(actor, action, await selectDraws(db).where('draw.id', '=', id).executeTakeFirst(), 'draw');
  const ended = (row: DrawRow) =>
    new Problem('conflict', said('draw_ended', { state: row.state }), { extra: { state: row.state } });

  api.get(
    '/draws',
    {
      config: { access: 'draw.read' },
      schema: {
        tags,
        summary: 'The register of draws, newest first; those that were given up too',
        querystring: DrawQuery,
        response: { 200: Page(Draw) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, region } = request.query;
      const after = decodeCursor(cursor, [TIME_PART, UUID_PART]);
      let query = selectDraws(db)
        .where(inScope(actorOf(request), PLACE))
        .orderBy('draw.committed_at', 'desc')
        .orderBy('draw.id', 'desc')
        .limit(limit + 1);
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (after) query = query.where(olderThan('draw.committed_at', 'draw.id', after));
      return pageOf(await query.execute(), limit, (row) => [row.committed_at_text, row.id], drawItem);
    },
  );

  api.get(
    '/draws/:id',
    {
      config: { access: 'draw.read' },
      schema: { tags, summary: 'One draw with its list', params: ById, response: { 200: DrawPage } },
    },
    async (request) => drawPage(await find(actorOf(request), request.params.id, 'draw.read')),
  );

  api.get(
    '/draws/:id/export',
    {
      config: { access: 'draw.read' },
      schema: {
        tags,
        summary: 'Everything that is needed to repeat it: npm run -s draw -- verify FILE',
        params: ById,
        response: { 200: DrawExport },
      },
    },
    async (request, reply) => {
      const row = await find(actorOf(request), request.params.id, 'draw.read');
      const file = drawExport(row);
      if (file === undefined)
        throw new Problem('conflict', said('draw_without_result', { state: row.state }));
      reply.header('content-disposition', `attachment; filename="${row.number}.json"`);
      return file;
    },
  );

  api.post(
    '/draws',
    {
      config: { access: 'draw.make' },
      schema: {
        tags,
        summary: 'Publish the list and the SHA-256 of the secret; nothing is drawn yet',
        body: NewDraw,
        response: { 201: DrawPage },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const now = context.now();
      const { subject, perTown, total, inspectorsEach = 0, type, weights = {}, history } = request.body;
      const region = await db
        .selectFrom('region')
        .select(['id', 'path', 'time_zone'])
        .where('code', '=', request.body.region)
        .executeTakeFirst();
      if (region === undefined || !may(actor, 'draw.make', { regionPath: region.path, merchantId: null }))
        throw invalid({ field: 'region', ...said('no_such_region') });
      const frame = { regionPath: region.path, subject, type, weights, history, now };
      const list = {
        subject,
        perTown: perTown ?? null,
        total: total ?? null,
        inspectorsEach,
        entries: await loadEntries(db, frame),
        ...(await loadInspectors(db, region.path)),
        publicSource: request.body.publicSource ?? '',
      };
      const fault = listFault(list);
      if (fault !== undefined) throw invalid(fault);
      const secret = randomBytes(SECRET_BYTES).toString('hex');
      const id = await commitDraw(db, {
        region: { id: region.id, path: region.path, timeZone: region.time_zone },
        list,
        secret,
        secretSealed: sealer.seal(secret),
        actorId: actor.accountId,
        at: now,
      });
      return await reply.code(201).send(drawPage(await find(actor, id, 'draw.make')));
    },
  );

  api.post(
    '/draws/:id/reveal',
    {
      config: { access: 'draw.make' },
      schema: {
        tags,
        summary: 'Reveal the secret and draw; what was agreed from outside is typed in',
        params: ById,
        body: Reveal,
        response: { 200: DrawPage },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id, 'draw.make');
      const { publicValue = '' } = request.body;
      if ((publicValue === '') !== (row.list.publicSource === '')) {
        const why =
          publicValue === ''
            ? said('draw_needs_public_value', { source: row.list.publicSource })
            : said('draw_without_public_value');
        throw invalid({ field: 'publicValue', ...why });
      }
      const by = { actorId: actor.accountId, publicValue, at: context.now() };
      if (!(await revealDraw(db, row.id, (sealed) => sealer.open(sealed), by))) throw ended(row);
      return drawPage(await find(actor, row.id, 'draw.make'));
    },
  );

  api.post(
    '/draws/:id/cancel',
    {
      config: { access: 'draw.make' },
      schema: {
        tags,
        summary: 'Give up a draw before it is made; it stays in the register with the reason',
        params: ById,
        body: Cancel,
        response: { 200: DrawPage },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const row = await find(actor, request.params.id, 'draw.make');
      const by = { actorId: actor.accountId, reason: request.body.reason, at: context.now() };
      if (!(await cancelDraw(db, row.id, by))) throw ended(row);
      return drawPage(await find(actor, row.id, 'draw.make'));
    },
  );
}

import { randomUUID } from 'node:crypto';
import type { RawBuilder, SqlBool } from 'kysely';
import { recordChange } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import { unknownFields } from '../../domain/sms-request.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound } from '../problem.ts';
import { policyRegion, type RegionPlace } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { NotifyPolicyChange, NotifyPolicyRow, SmsProviderChange, SmsProviderRow } from '../schemas/notify.ts';
import { checkPolicyChange, inForceFor } from '../scope.ts';

const tags = ['notifications'];

/** How messages are grouped and repeated, and who sends text messages, per region. */
export function notifyPolicyRoutes(api: App, context: ApiContext): void {
  const { db, sealer, now } = context;
  const ref = (row: {
    region_id: string | null;
    code: string | null;
    path: string | null;
    name: string | null;
  }) =>
    row.region_id === null
      ? null
      : { id: row.region_id, code: row.code ?? '', path: row.path ?? '', name: row.name ?? '' };
  const place = async (actor: Actor, code: string | null): Promise<RegionPlace | null> => {
    const region = await policyRegion(db, actor, code);
    checkPolicyChange(actor, 'alert.configure', region?.path ?? null);
    return region;
  };
  const audit = (
    tx: Tx,
    actor: Actor,
    entity: string,
    id: string,
    to: string,
    region: RegionPlace | null,
    after: object | null,
  ) =>
    recordChange(tx, {
      entity,
      entityId: id,
      to,
      actorId: actor.accountId,
      at: now(),
      place: region && { regionPath: region.path, merchantId: null },
      detail: [{ entity, entityId: id, before: null, after: after && { ...after } }],
    });
  const policies = (where: RawBuilder<SqlBool>) =>
    db
      .selectFrom('notify_policy')
      .leftJoin('region', 'region.id', 'notify_policy.region_id')
      .where(where)
      .select([
        'notify_policy.region_id',
        'notify_policy.settings',
        'region.code',
        'region.path',
        'region.name',
      ])
      .orderBy('region.path')
      .execute();

  api.get(
    '/notify-policies',
    {
      config: { access: 'alert.configure' },
      schema: { tags, summary: 'Policies of telling people', response: { 200: Page(NotifyPolicyRow) } },
    },
    async (request) => {
      const rows = await policies(inForceFor(actorOf(request), 'region.path'));
      return { items: rows.map((row) => ({ region: ref(row), settings: row.settings })), nextCursor: null };
    },
  );

  api.put(
    '/notify-policies',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Set the policy of a region',
        body: NotifyPolicyChange,
        response: { 200: NotifyPolicyRow },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { settings } = request.body;
      const region = await place(actor, request.body.region);
      await db.transaction().execute(async (tx) => {
        const { id } = await tx
          .insertInto('notify_policy')
          .values({ region_id: region?.id ?? null, settings: JSON.stringify(settings) })
          .onConflict((conflict) =>
            conflict.column('region_id').doUpdateSet({ settings: JSON.stringify(settings) }),
          )
          .returning('id')
          .executeTakeFirstOrThrow();
        await audit(tx, actor, 'notify_policy', id, 'changed', region, settings);
      });
      const named =
        region &&
        (await db.selectFrom('region').select('name').where('id', '=', region.id).executeTakeFirst());
      return {
        region: region && { id: region.id, code: region.code, path: region.path, name: named?.name ?? '' },
        settings,
      };
    },
  );

  const providers = () =>
    db
      .selectFrom('sms_provider')
      .leftJoin('region', 'region.id', 'sms_provider.region_id')
      .where('sms_provider.enabled', '=', true)
      .select([
        'sms_provider.id',
        'sms_provider.name as provider_name',
        'sms_provider.request_sealed',
        'sms_provider.created_at',
        'sms_provider.region_id',
        'region.code',
        'region.path',
        'region.name',
      ]);
  type Provider = Awaited<ReturnType<ReturnType<typeof providers>['executeTakeFirstOrThrow']>>;
  const providerItem = (row: Provider) => ({
    id: row.id,
    region: ref(row),
    name: row.provider_name,
    host: hostOf(() => sealer.open(row.request_sealed)),
    createdAt: row.created_at.toISOString(),
  });

  api.get(
    '/sms-providers',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Providers of text messages; what is secret is not shown',
        response: { 200: Page(SmsProviderRow) },
      },
    },
    async (request) => {
      const rows = await providers()
        .where(inForceFor(actorOf(request), 'region.path'))
        .execute();
      return { items: rows.map(providerItem), nextCursor: null };
    },
  );

  api.put(
    '/sms-providers',
    {
      config: { access: 'alert.configure' },
      schema: {
        tags,
        summary: 'Set the provider of text messages of a region',
        description:
          'Named fields in address, headers and body: {{phone}}, {{text}}, {{title}}, {{link}}, {{id}}.',
        body: SmsProviderChange,
        response: { 200: SmsProviderRow },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { name, request: sms } = request.body;
      const templates = { url: sms.url, body: sms.body, ...sms.headers };
      for (const [field, template] of Object.entries(templates)) {
        const [unknown] = unknownFields(template);
        if (unknown !== undefined)
          throw invalid({
            field: `request.${field}`,
            ...said('placeholder_unknown', { name: `{{${unknown}}}` }),
          });
      }
      const region = await place(actor, request.body.region);
      const id = randomUUID();
      await db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom('sms_provider')
          .where('region_id', 'is not distinct from', region?.id ?? null)
          .execute();
        await tx
          .insertInto('sms_provider')
          .values({
            id,
            region_id: region?.id ?? null,
            name,
            request_sealed: sealer.seal(JSON.stringify(sms)),
            created_at: now(),
          })
          .execute();
        await audit(tx, actor, 'sms_provider', id, 'changed', region, { name });
      });
      return providerItem(await providers().where('sms_provider.id', '=', id).executeTakeFirstOrThrow());
    },
  );

  api.delete(
    '/sms-providers/:id',
    {
      config: { access: 'alert.configure' },
      schema: { tags, summary: 'Remove it', params: ById, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const row = await providers()
        .where('sms_provider.id', '=', request.params.id)
        .where(inForceFor(actor, 'region.path'))
        .executeTakeFirst();
      if (row === undefined) throw notFound('provider');
      const region = await place(actor, row.code);
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('sms_provider').where('id', '=', row.id).execute();
        await audit(tx, actor, 'sms_provider', row.id, 'removed', region, null);
      });
      return await reply.code(204).send(null);
    },
  );
}

function hostOf(open: () => string): string {
  try {
    const { url } = JSON.parse(open()) as { url: string };
    return URL.parse(url.replaceAll(/[{}]/g, ''))?.host ?? '';
  } catch {
    return '';
  }
}

/** A county with two towns; things of every kind at each place, made on demand, so that one case spoils nothing for the next. */
import { randomBytes, randomUUID } from 'node:crypto';
import { recordChange } from '../../services/db/audit.ts';
import type { Database } from '../../services/db/database.ts';
import { placeHold } from '../../services/db/holds.ts';
import { precisionOf } from '../../services/domain/precision.ts';
import type { Api } from '../api/support.ts';
import { asAdmin } from './as-admin.ts';
import { addFinding, addTask } from './findings.ts';
import { makeOfLoop } from './loop-things.ts';
import type { Made, Site, World } from './places.ts';
import type { Thing } from './things.ts';

const AT = new Date('2026-11-21T03:00:00Z');
/** Cameras are older than what is counted of them. */
const THE_DAY_BEFORE = new Date('2026-11-20T03:00:00Z');

export async function addWorld(api: Api, admin: string): Promise<World> {
  const { db, sealer } = api.context;
  const region = async (code: string, path: string, parent: string | null) =>
    await db
      .insertInto('region')
      .values({ code, path, parent_id: parent, level: parent === null ? 'county' : 'town', name: code })
      .returning(['id', 'code', 'path'])
      .executeTakeFirstOrThrow();
  const county = await region('county', 'county', null);
  const east = await region('east', 'county.east', county.id);
  // Its code begins with that of the other: paths must be compared part by part.
  const west = await region('east-west', 'county.east-west', county.id);

  const site = async (of: typeof east, code: string): Promise<Site> => {
    const merchant = await db
      .insertInto('merchant')
      .values({
        code,
        region_id: of.id,
        name: code,
        type: 'canteen',
        licence_no: null,
        opening_hours: null,
        lat: 35.2,
        lon: 113.6,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const zone = await db
      .insertInto('zone')
      .values({ merchant_id: merchant.id, code: 'kitchen', kind: 'cooking', name: '后厨' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const gateway = await db
      .insertInto('gateway')
      .values({
        code: `${code}-box`,
        region_id: of.id,
        merchant_id: merchant.id,
        name: 'box',
        secret_hash: '-',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const place = { regionId: of.id, regionCode: of.code, regionPath: of.path };
    const camera = await addCamera(db, sealer, { merchantId: merchant.id, zoneId: zone.id }, `${code}-cam`);
    return {
      ...place,
      merchantId: merchant.id,
      merchantCode: code,
      zoneId: zone.id,
      cameraId: camera.id,
      cameraCode: camera.code,
      gatewayId: gateway.id,
    };
  };
  const inside = await site(east, 'em');
  const second = await addCamera(db, sealer, inside, 'em-second');
  return {
    inside,
    other_camera: { ...inside, cameraId: second.id, cameraCode: second.code },
    other_merchant: await site(east, 'fm'),
    other_region: await site(west, 'wm'),
    admin,
  };
}

async function addCamera(
  db: Database,
  sealer: Api['context']['sealer'],
  at: { merchantId: string; zoneId: string },
  code: string,
) {
  const camera = await db
    .insertInto('camera')
    .values({
      code,
      merchant_id: at.merchantId,
      zone_id: at.zoneId,
      name: code,
      source: 'rtsp',
      gateway_id: null,
      rtsp_url_sealed: sealer.seal('rtsp://10.9.8.7/live'),
      created_at: THE_DAY_BEFORE,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
  const never = { last_frame_at: null, last_look_at: null, picture_key: null, picture_at: null };
  await db
    .insertInto('camera_status')
    .values({ camera_id: camera.id, ...never })
    .execute();
  return camera;
}

/** Makes a thing at a place. @returns its id, and of accounts those of a session and a token */
export async function make(api: Api, world: World, thing: Thing, site: Site): Promise<Made> {
  const { db } = api.context;
  const tag = randomUUID().slice(0, 8);
  const id = async (query: { executeTakeFirstOrThrow(): Promise<{ id: string }> }): Promise<Made> => ({
    id: (await query.executeTakeFirstOrThrow()).id,
  });
  switch (thing) {
    case 'region':
      return await id(
        db
          .insertInto('region')
          .values({
            code: `r-${tag}`,
            path: `${site.regionPath}.r-${tag}`,
            parent_id: site.regionId,
            level: 'grid',
            name: 'made',
          })
          .returning('id'),
      );
    case 'merchant':
      return { id: site.merchantId };
    case 'zone':
      return await id(
        db
          .insertInto('zone')
          .values({ merchant_id: site.merchantId, code: `z-${tag}`, kind: 'storage', name: 'made' })
          .returning('id'),
      );
    case 'gateway':
      return await id(
        db
          .insertInto('gateway')
          .values({
            code: `g-${tag}`,
            region_id: site.regionId,
            merchant_id: site.merchantId,
            name: 'made',
            secret_hash: '-',
          })
          .returning('id'),
      );
    case 'camera':
      return { id: site.cameraId };
    case 'camera_search':
      return await db
        .insertInto('camera_probe')
        .values({
          kind: 'search',
          merchant_id: site.merchantId,
          camera_id: null,
          asked_by: world.admin,
          asked_at: AT,
          question_sealed: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    case 'camera_probe':
      return await db
        .insertInto('camera_probe')
        .values({
          kind: 'stream',
          merchant_id: site.merchantId,
          camera_id: site.cameraId,
          asked_by: world.admin,
          asked_at: AT,
          question_sealed: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    case 'listing':
      return await db
        .insertInto('public_listing')
        .values({
          merchant_id: site.merchantId,
          list: 'red',
          task_id: null,
          text: 'made',
          published_by: world.admin,
          published_at: new Date(),
          withdrawn_at: null,
          withdrawn_by: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    case 'tip':
      return await db
        .insertInto('tip')
        .values({
          code: tag.toUpperCase(),
          merchant_id: site.merchantId,
          text: 'something was seen',
          address_hash: 'none',
          given_at: new Date(),
          finding_id: null,
          decided_by: null,
          decided_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    case 'fault':
      return await id(
        db
          .insertInto('camera_fault')
          .values({
            camera_id: site.cameraId,
            gateway_id: null,
            kind: 'covered',
            opened_at: AT,
            closed_at: AT,
            cause: '',
            muted_by: null,
          })
          .returning('id'),
      );
    case 'rule':
      return await addRule(db, site);
    case 'webhook':
      return await addWebhook(api, site);
    case 'replay': {
      const { id: webhookId } = await addWebhook(api, site);
      const asked = { webhook_id: webhookId, reason: 'asked', per_minute: 60, at: AT } as const;
      const times = { since: AT, until: new Date(AT.getTime() + 1000) };
      return await id(
        db
          .insertInto('delivery_replay')
          .values({ ...asked, ...times, requested_by: null })
          .returning('id'),
      );
    }
    case 'dead_cause':
    case 'delivery': {
      const webhook = await addWebhook(api, site);
      const event = await db
        .insertInto('event')
        .values({ type: 'task.issued', region_path: site.regionPath, merchant_id: null, payload: '{}' })
        .returning('id')
        .executeTakeFirstOrThrow();
      const last_error = thing === 'dead_cause' ? `made-${tag}` : null;
      const delivery = await id(
        db
          .insertInto('outbox')
          .values({ event_id: event.id, webhook_id: webhook.id, state: 'dead', last_error })
          .returning('id'),
      );
      return last_error === null ? delivery : { ...delivery, shown: last_error };
    }
    case 'account': {
      const { id: accountId } = await db
        .insertInto('account')
        .values({ username: `a-${tag}`, role: 'platform', password_hash: '!', region_id: site.regionId })
        .returning('id')
        .executeTakeFirstOrThrow();
      const made = { account_id: accountId, created_at: AT, expires_at: new Date('2027-01-01T00:00:00Z') };
      const session = await db
        .insertInto('session')
        .values({ ...made, token_hash: randomBytes(32) })
        .returning('id')
        .executeTakeFirstOrThrow();
      const token = await db
        .insertInto('service_token')
        .values({ ...made, token_hash: randomBytes(32), name: 'made' })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { id: accountId, session: session.id, token: token.id };
    }
    case 'finding':
      return { id: await addFinding(db, site) };
    case 'hold': {
      const caseId = await addFinding(db, site);
      await placeHold(db, { caseId, actorId: world.admin, reason: 'made' }, AT);
      return await id(db.selectFrom('legal_hold').select('id').where('case_id', '=', caseId));
    }
    case 'lead': {
      const place = { merchant_id: site.merchantId, region_id: site.regionId };
      const to = { target: 'police', target_name: 'made', legal_reason: 'made' } as const;
      const sent = { number: `XS-${tag}`, sent_by: world.admin, sent_at: AT };
      const none = { export_id: null, evidence_sha256: null };
      const times = { received_at: null, decided_at: null, concluded_at: null };
      const taskId = await addTask(db, world, site);
      return await id(
        db
          .insertInto('lead_transfer')
          .values({ ...place, ...to, ...sent, ...none, ...times, task_id: taskId })
          .returning('id'),
      );
    }
    case 'reconciliation': {
      const { id: webhookId } = await addWebhook(api, site);
      const run = { how: 'fetched', state: 'done', since: AT, whole: true } as const;
      const times = { started_at: AT, finished_at: AT };
      return await id(
        db
          .insertInto('reconciliation')
          .values({ ...run, ...times, webhook_id: webhookId, account_id: null, region_path: site.regionPath })
          .returning('id'),
      );
    }
    case 'platform_order': {
      const accountId = (await make(api, world, 'account', site)).id;
      const order = { key: tag, task_number: 'ZG-0', task_id: null, command: 'receipt', external_ref: null };
      return await id(
        db
          .insertInto('platform_command')
          .values({ ...order, account_id: accountId, via: 'http', done: false, why: 'not_found', at: AT })
          .returning('id'),
      );
    }
    case 'task':
      return { id: await addTask(db, world, site) };
    case 'alert': {
      const findingId = await addFinding(db, site);
      return await id(
        db
          .insertInto('alert')
          .values({
            audience: 'merchant',
            region_id: site.regionId,
            merchant_id: site.merchantId,
            finding_id: findingId,
            kind: 'no_hat',
            class: 2,
          })
          .returning('id'),
      );
    }
    case 'proposal':
      await db.deleteFrom('rule_proposal').where('camera_id', '=', site.cameraId).execute();
      return await id(
        db
          .insertInto('rule_proposal')
          .values({
            camera_id: site.cameraId,
            kind: 'no_hat',
            type: 'min_score',
            change: JSON.stringify({ minScore: 0.6 }),
            evidence: JSON.stringify({
              precision: precisionOf(1, 9),
              dismissedDropped: 9,
              confirmedDropped: 0,
              findingIds: [],
              boxes: [],
            }),
          })
          .returning('id'),
      );
    case 'audit': {
      const entry = { entity: 'zone', entityId: site.zoneId, to: 'changed', actorId: world.admin, at: AT };
      await db.transaction().execute((tx) => recordChange(tx, { ...entry, place: site }));
      return { id: site.zoneId };
    }
    case 'draw':
      return await asAdmin(api, world.admin, 'POST /draws', {
        region: site.regionCode,
        subject: 'merchants',
        total: 1,
        inspectorsEach: 0,
      });
    case 'conflict':
      return await id(
        db
          .insertInto('inspector_conflict')
          .values({
            account_id: (await make(api, world, 'account', site)).id,
            merchant_id: site.merchantId,
            reason: 'related',
            recorded_by: world.admin,
            recorded_at: AT,
            ended_at: null,
          })
          .returning('id'),
      );
    case 'edge_event':
      return await addEdgeEvent(api, site, tag);
    case 'live_look': {
      const grant = await db
        .insertInto('live_grant')
        .values({
          account_id: world.admin,
          purpose: 'patrol',
          camera_id: null,
          granted_at: AT,
          expires_at: new Date(AT.getTime() + 1000),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await db
        .insertInto('live_look')
        .values({ grant_id: grant.id, camera_id: site.cameraId, first_at: AT, last_at: AT })
        .execute();
      return { id: site.cameraId };
    }
    default:
      return await makeOfLoop(api, world, thing, site);
  }
}

async function addEdgeEvent({ context }: Api, site: Site, tag: string): Promise<Made> {
  const key = `edge/${tag}`;
  await context.store.put(key, Buffer.from('{}'));
  return await context.db
    .insertInto('edge_event')
    .values({
      gateway_id: site.gatewayId,
      camera_id: site.cameraId,
      format: 'aidrive',
      event_key: tag,
      channel: '1',
      type: 'made',
      kind: null,
      state: 'pulse',
      happened_at: AT,
      received_at: AT,
      last_at: AT,
      ended_at: null,
      boxes: '[]',
      size: null,
      raw_key: key,
      raw_sha256: '0'.repeat(64),
      picture_url: null,
      picture_state: 'none',
      picture_error: null,
      picture: null,
      outcome: 'kept',
      opinion: null,
      finding_id: null,
      next_at: AT,
      claimed_by: null,
      claimed_until: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
}

async function addRule(db: Database, site: Site): Promise<Made> {
  await db.deleteFrom('rule').where('region_id', '=', site.regionId).execute();
  return await db
    .insertInto('rule')
    .values({
      region_id: site.regionId,
      zone_kind: null,
      kind: 'no_hat',
      enabled: true,
      k: 2,
      n: 5,
      min_duration_s: 5,
      min_size_px: 40,
      min_score: 0.5,
      merge_window_min: 30,
      daily_cap: 12,
      hours: 'opening',
      class: 2,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
}

async function addWebhook({ context }: Api, site: Site): Promise<Made> {
  return await context.db
    .insertInto('webhook')
    .values({
      name: 'made',
      url: 'https://platform.example/',
      secret_sealed: context.sealer.seal('secret'),
      region_id: site.regionId,
      types: ['finding.confirmed'],
    })
    .returning('id')
    .executeTakeFirstOrThrow();
}

/** Things of the closed loop at a place: policy, documents, telling people, rechecks. */
import { randomUUID } from 'node:crypto';
import { newestPolicy } from '../../services/db/policy.ts';
import { STARTING_NOTIFY_POLICY } from '../../services/domain/notify.ts';
import type { Api } from '../api/support.ts';
import { asAdmin } from './as-admin.ts';
import { addTask } from './findings.ts';
import type { Made, Site, World } from './places.ts';
import type { Thing } from './things.ts';

type LoopThing = Extract<
  Thing,
  | 'assignment'
  | 'calendar'
  | 'document'
  | 'document_template'
  | 'edge_channel'
  | 'edge_unknown'
  | 'message'
  | 'notification'
  | 'notify_policy'
  | 'notify_target'
  | 'policy'
  | 'recheck'
  | 'retention'
  | 'sms_provider'
  | 'document_draft'
  | 'step_fault'
  | 'visit'
>;

const AT = new Date('2026-11-21T03:00:00Z');
const LATER = '2027-01-01T00:00:00.000Z';
export const HABITS = { language: 'zh-CN', quiet: null, topics: ['task'], leastClass: 3 } as const;
export const SMS = {
  url: 'https://sms.example/send',
  method: 'POST',
  headers: {},
  contentType: 'application/json',
  body: '{"to":"{{phone}}"}',
  success: null,
};

export async function makeOfLoop(api: Api, world: World, thing: LoopThing, site: Site): Promise<Made> {
  const { db } = api.context;
  const { admin } = world;
  const { regionCode: region } = site;
  const tag = randomUUID().slice(0, 8);
  switch (thing) {
    case 'assignment': {
      const username = `cadre-${tag}`;
      await db.insertInto('account').values({ username, role: 'cadre', password_hash: '!' }).execute();
      const given = { cadre: username, merchant: site.merchantCode, level: 'B' };
      return await asAdmin(api, admin, 'POST /supervision/assignments', given);
    }
    case 'visit':
      return await db
        .insertInto('cadre_visit')
        .values({ account_id: admin, merchant_id: site.merchantId, visited_at: AT, recorded_at: AT })
        .returning('id')
        .executeTakeFirstOrThrow();
    case 'calendar': {
      const code = `c-${tag}`;
      await asAdmin(api, admin, `PUT /calendars/${code}`, { region, after: null, name: 'made' });
      return { id: code, code };
    }
    case 'policy': {
      const after = await newestPolicy(db, site.regionId);
      const policy = { region, after, document: {}, effectiveFrom: LATER };
      return await asAdmin(api, admin, 'POST /policies', policy);
    }
    case 'document': {
      const task = await addTask(db, world, site);
      const document = { type: 'rectification_order', version: 1, reason: 'why' };
      return await asAdmin(api, admin, `POST /tasks/${task}/documents`, document);
    }
    case 'document_template': {
      const template = { type: 'interview', region, after: null, title: 'made', body: tag };
      return await asAdmin(api, admin, 'POST /document-templates', template);
    }
    case 'edge_channel': {
      const { gatewayId: gateway_id, cameraId: camera_id } = site;
      await db.insertInto('edge_channel').values({ gateway_id, channel: tag, camera_id }).execute();
      return { id: tag };
    }
    case 'edge_unknown': {
      const seen = { count: '1', first_at: AT, last_at: AT };
      await db
        .insertInto('edge_unknown')
        .values({ gateway_id: site.gatewayId, format: 'aidrive', what: 'type', name: tag, ...seen })
        .execute();
      return { id: tag };
    }
    case 'notify_policy':
      await asAdmin(api, admin, 'PUT /notify-policies', { region, settings: STARTING_NOTIFY_POLICY });
      return { id: site.regionId };
    case 'sms_provider':
      return await asAdmin(api, admin, 'PUT /sms-providers', { region, name: 'made', request: SMS });
    case 'retention': {
      const rule = { region, item: 'clip', since: 'closed', keepDays: 800 };
      await asAdmin(api, admin, 'PUT /retention-policies', rule);
      return { id: region };
    }
    case 'notify_target':
      return await addTarget(api, world, site, tag);
    case 'notification':
    case 'message':
      return await addMessage(api, world, site, tag, thing);
    case 'recheck': {
      const id = await addTask(db, world, site);
      await db
        .updateTable('task')
        .set({ state: 'recheck_due', closed_at: AT, by_people: true })
        .where('id', '=', id)
        .execute();
      return { id };
    }
    case 'document_draft': {
      const task_id = await addTask(db, world, site);
      const step = { round: 0, late: 'submit', level: 3, type: 'interview', reason: 'late' } as const;
      const { id } = await db
        .insertInto('document_draft')
        .values({ task_id, ...step, created_at: AT })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { id };
    }
    case 'step_fault': {
      const task_id = await addTask(db, world, site);
      const none = { expected_step: null, expected_at: null, found_step: null, found_at: null };
      await db
        .insertInto('step_fault')
        .values({ task_id, fault: 'no_job', ...none, repaired_at: null, at: AT })
        .execute();
      return { id: task_id };
    }
  }
}

async function addTarget(api: Api, world: World, site: Site, tag: string): Promise<Made> {
  return await asAdmin(api, world.admin, 'POST /notify-targets', {
    channel: 'wecom',
    url: `https://robot.example/${tag}`,
    merchant: site.merchantCode,
    habits: HABITS,
  });
}

/** A message that did not get through, and what it tells. */
async function addMessage(
  api: Api,
  world: World,
  site: Site,
  tag: string,
  thing: 'message' | 'notification',
): Promise<Made> {
  const { db } = api.context;
  const { id: target_id } = await addTarget(api, world, site, tag);
  const content = { language: 'zh-CN', title: tag, lines: [], link: '' };
  const both = { target_id, channel: 'wecom', group_key: tag, class: 2, created_at: AT } as const;
  const { id } = await db
    .insertInto('message')
    .values({
      ...both,
      content: JSON.stringify(content),
      count: 1,
      state: 'dead',
      next_at: AT,
      expires_at: null,
      claimed_by: null,
      claimed_until: null,
      last_status: null,
      last_error: null,
      delivered_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const subject = `test:${tag}`;
  await db
    .insertInto('notification')
    .values({
      ...both,
      account_id: null,
      address_hash: tag,
      subject,
      topic: 'test',
      about: 'test',
      region_id: site.regionId,
      merchant_id: site.merchantId,
      alert_id: null,
      fault_id: null,
      state: 'gathered',
      due_at: AT,
      message_id: id,
    })
    .execute();
  return { id, shown: thing === 'message' ? tag : subject };
}

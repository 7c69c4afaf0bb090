/** An API over a real database, for one test file. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { buildApp } from '../../services/api/app.ts';
import type { App } from '../../services/api/app-type.ts';
import { type ApiContext, createContext, type Overrides } from '../../services/api/context.ts';
import { hashPassword } from '../../services/api/password.ts';
import type { Role } from '../../services/domain/words.ts';
import { useTestDatabase } from '../support/postgres.ts';

/** A clock that stands still until it is moved. */
export interface Clock {
  now: () => Date;
  /** Milliseconds. */
  move(ms: number): void;
}

export interface Api {
  app: App;
  context: ApiContext;
  clock: Clock;
  /** Folder of the object store. */
  folder: string;
  databaseUrl: string;
}

export const PASSWORD = 'long enough for a test';

/** For the top of a test file. @returns a function that gives the API once `beforeAll` has run */
export function useApi(overrides: Overrides = {}): () => Api {
  const url = useTestDatabase();
  let api: Api | undefined;
  beforeAll(async () => {
    api = await startApi(url(), overrides);
  });
  afterAll(async () => {
    if (api === undefined) return;
    await stopApi(api);
  });
  return () => {
    if (api === undefined) throw new Error('the API exists only from beforeAll on');
    return api;
  };
}

export async function startApi(databaseUrl: string, overrides: Overrides = {}): Promise<Api> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-api-'));
  let at = new Date('2026-11-21T04:00:00.000Z').getTime();
  const clock: Clock = {
    now: () => new Date(at),
    move: (ms) => {
      at += ms;
    },
  };
  const context = createContext(
    {
      databaseUrl,
      redisUrl: undefined,
      objectStore: { kind: 'file', path: folder },
      secretKey: randomBytes(32),
      publicUrl: 'http://kitchen.test',
      logLevel: 'silent',
      modelsDir: join(folder, 'no-models'),
      dataDir: folder,
      evidenceKeyFile: undefined,
      mqttUrl: 'mqtt://of-the-service:secret@broker.test:1883',
      trustedProxies: ['172.30.231.0/24'],
    },
    {
      log: pino({ level: 'silent' }),
      now: clock.now,
      queueDepth: async () => ({ waiting: 0, active: 0 }),
      webRoot: join(folder, 'no-page'),
      eventPollMs: 50,
      // Verdicts cannot be undone, so tasks are issued at once; tests of undoing give their own time.
      undoMs: 0,
      ...overrides,
    },
  );
  const app = await buildApp(context);
  await app.ready();
  return { app, context, clock, folder, databaseUrl };
}

export async function stopApi(api: Api): Promise<void> {
  await api.app.close();
  await api.context.close();
  await rm(api.folder, { recursive: true, force: true });
}

let passwordHash: Promise<string> | undefined;

/** Creates an account. `regionId` null: all regions. */
export async function addAccount(
  api: Api,
  username: string,
  role: Role,
  scope: { regionId?: string | null; merchantId?: string | null } = {},
): Promise<string> {
  passwordHash ??= hashPassword(PASSWORD);
  const { id } = await api.context.db
    .insertInto('account')
    .values({
      username,
      role,
      password_hash: await passwordHash,
      region_id: scope.regionId ?? null,
      merchant_id: scope.merchantId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Signs in. @returns the token */
export async function signIn(api: Api, username: string): Promise<string> {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { username, password: PASSWORD },
  });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json<{ token: string }>().token;
}

type Method = NonNullable<InjectOptions['method']>;

/** Calls the API as somebody: `call('GET /cameras')`, `call('POST /regions', {…})`. */
export function caller(api: Api, token: string) {
  return async (what: string, payload?: unknown): Promise<LightMyRequestResponse> => {
    const [method, path] = what.split(' ');
    return await api.app.inject({
      method: method as Method,
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${token}` },
      ...(payload === undefined ? {} : { payload: payload as Record<string, unknown> }),
    });
  };
}

export type Call = ReturnType<typeof caller>;

/** Creates an account and signs in. */
export async function as(
  api: Api,
  username: string,
  role: Role,
  scope: { regionId?: string | null; merchantId?: string | null } = {},
): Promise<Call> {
  await addAccount(api, username, role, scope);
  return caller(api, await signIn(api, username));
}

/** Ends of chains are stamped by an authority outside (RFC 3161), later if it is away, and the case file proves it offline. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkToken } from '../../services/evidence/time-stamp/token.ts';
import { stampStep } from '../../workers/retention/time-stamps.ts';
import { useApi } from '../api/support.ts';
import { addWorld } from '../api/world.ts';
import { addCase, addPeople, type TestCase } from './support/case.ts';
import { contentsOf, newKey, verifyBytes, zipOf } from './support/export.ts';
import { type Authority, startAuthority } from './support/time-stamp-authority.ts';

const HOUR_MS = 3_600_000;
const api = useApi();
let authority: Authority;
let other: Authority;
let one: TestCase;

beforeAll(async () => {
  [authority, other] = await Promise.all([startAuthority(), startAuthority()]);
  const world = await addWorld(api());
  one = await addCase(api(), world, await addPeople(api(), world));
}, 30_000);
afterAll(() => {
  authority.close();
  other.close();
});

const step = () =>
  stampStep({
    db: api().context.db,
    now: api().clock.now,
    url: authority.url,
    roots: [authority.root],
    quietS: 0,
  });
const stampRow = async () =>
  await api()
    .context.db.selectFrom('case_time_stamp')
    .selectAll()
    .where('case_id', '=', one.findingId)
    .orderBy('seq', 'desc')
    .executeTakeFirstOrThrow();

describe('time stamps', () => {
  test.each([
    ['down', /answered 503/],
    ['rubbish', /no time stamp/],
  ] as const)(
    'an authority that is %s is asked again later, and nothing waits for it',
    async (how, error) => {
      authority.behave(how);
      const { stamped, errors } = await step();
      expect([stamped, errors.length]).toEqual([0, 1]);
      expect(errors[0]).toMatch(error);
      expect(await step()).toEqual({ stamped: 0, errors: [] });
      expect((await stampRow()).state).toBe('pending');
      api().clock.move(HOUR_MS);
    },
  );

  test('a token over the end of the chain is kept, and another one only when the chain has grown', async () => {
    authority.behave('right');
    expect(await step()).toEqual({ stamped: 1, errors: [] });
    expect(await step()).toEqual({ stamped: 0, errors: [] });
    const row = await stampRow();
    expect(row.authority).toContain('Mingzao test authority');
    expect(Math.abs((row.stamped_at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('an answer to another question is refused', async () => {
    const { contents } = await contentsOf(api(), one.findingId, await newKey());
    expect(contents.length).toBeGreaterThan(0);
    authority.behave('old-answer');
    expect((await step()).errors[0]).toMatch(/something else|nonce/);
    authority.behave('right');
    api().clock.move(HOUR_MS);
    expect((await step()).stamped).toBe(1);
  });

  test('the case file proves them offline, and names a token that was put in its place', async () => {
    const { contents } = await contentsOf(api(), one.findingId, await newKey());
    const trust = { timeStampRoots: [authority.root] };
    const report = await verifyBytes(await zipOf(contents), trust);
    expect(report.faults).toEqual([]);
    expect(report.timeStamps.map(({ seq, trust }) => [seq, trust])).toEqual([
      [13, 'trusted'],
      [14, 'trusted'],
    ]);
    expect((await verifyBytes(await zipOf(contents))).timeStamps[0]?.trust).toBe('not-checked');
    const strangers = await verifyBytes(await zipOf(contents), { timeStampRoots: [other.root] });
    expect(strangers.faults.map(({ fault, detail }) => `${fault}: ${detail}`)).toEqual([
      'time_stamp: its certificate leads to none of the trusted authorities',
      'time_stamp: its certificate leads to none of the trusted authorities',
    ]);
    const stamps = contents.filter(({ name }) => name.startsWith('timestamps/'));
    const swapped = contents.map((content) =>
      content === stamps[0] ? { ...content, bytes: stamps[1]?.bytes ?? content.bytes } : content,
    );
    const faults = (await verifyBytes(await zipOf(swapped), trust)).faults;
    expect(faults).toContainEqual({
      fault: 'time_stamp',
      about: stamps[0]?.name,
      detail: 'it is about something else',
    });
  });

  test('no byte of a token can be altered so that it still proves the time', async () => {
    const { token, hash } = await stampRow();
    if (token === null) throw new Error('no token');
    const imprint = Buffer.from(hash, 'hex');
    const right = checkToken(token, { imprint }, [authority.root]);
    const accepted: number[] = [];
    for (let at = 0; at < token.length; at += 5) {
      const altered = Buffer.from(token);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      try {
        const said = checkToken(altered, { imprint }, [authority.root]);
        if (said.at.getTime() !== right.at.getTime() || said.trust !== 'trusted') accepted.push(at);
      } catch {
        // Refused, as it must be.
      }
    }
    expect(accepted).toEqual([]);
  });
});

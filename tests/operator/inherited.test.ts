/** What a region says itself, and what it inherits: for a form. */
import { beforeAll, expect, test } from 'vitest';
import { STARTING_POLICY } from '../../services/domain/policy.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';

const api = useApi();
let operator: Call;

beforeAll(async () => {
  await addAccount(api(), 'root', 'operator');
  operator = await as(api(), 'operator', 'operator');
  await operator('POST /regions', { code: 'county', level: 'county', name: '县' });
  await operator('POST /regions', { code: 'town', parent: 'county', level: 'town', name: '镇' });
  const say = async (region: string | null, document: object) =>
    expect((await operator('POST /policies', { region, after: null, document })).statusCode).toBe(201);
  await say(null, { answers: { returnsBeforeVisit: 3 } });
  await say('county', { limits: { 1: { acknowledgeMin: 20 } } });
  await say('town', { limits: { 1: { acknowledgeMin: 10 } } });
});

const asked = async (query: string) =>
  (await operator(`GET /policies/inherited${query}`)).json<{
    version: number | null;
    own: object;
    inherited: {
      limits: Record<string, { acknowledgeMin: number }>;
      answers: { returnsBeforeVisit: number };
    };
  }>();

test('a town inherits from its county, not from itself', async () => {
  const { version, own, inherited } = await asked('?region=town');
  expect(version).toBe(1);
  expect(own).toEqual({ limits: { 1: { acknowledgeMin: 10 } } });
  expect(inherited.limits['1']?.acknowledgeMin).toBe(20);
  expect(inherited.answers.returnsBeforeVisit).toBe(3);
});

test('everywhere inherits the starting values', async () => {
  const { own, inherited } = await asked('');
  expect(own).toEqual({ answers: { returnsBeforeVisit: 3 } });
  expect(inherited).toEqual(STARTING_POLICY);
});

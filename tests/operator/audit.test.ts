/** The audit as a file, and asked by what was done. */
import { beforeAll, expect, test } from 'vitest';
import { addAccount, as, type Call, useApi } from '../api/support.ts';

const api = useApi();
let operator: Call;
let near: Call;

beforeAll(async () => {
  await addAccount(api(), 'root', 'operator');
  operator = await as(api(), 'operator', 'operator');
  await operator('POST /regions', { code: 'county', level: 'county', name: '县' });
  const east = await operator('POST /regions', { code: 'east', parent: 'county', level: 'town', name: '东' });
  await operator('POST /regions', { code: 'west', parent: 'county', level: 'town', name: '西' });
  const { id } = east.json<{ id: string }>();
  near = await as(api(), 'near', 'operator', { regionId: id });
  await operator(`PATCH /regions/${id}`, { name: '=HYPERLINK("x")' });
});

const rowsOf = async (call: Call, filter: string) =>
  (await call(`GET /audit?${filter}`)).json<{ items: { to: string; entity: string }[] }>().items;

test('is asked by what was done', async () => {
  expect(await rowsOf(operator, 'what=changed')).toMatchObject([
    { entity: 'region', to: 'changed', name: '=HYPERLINK("x")' },
  ]);
  expect(await rowsOf(operator, 'what=created&entity=region')).toHaveLength(3);
  expect((await operator('GET /audit?what=No%20such')).statusCode).toBe(400);
});

test('as a file: the same rows, formulas defused, before and after in words', async () => {
  const answer = await operator('GET /audit/export?entity=region');
  expect(answer.headers['content-type']).toContain('text/csv');
  const lines = answer.body.trim().split('\r\n');
  expect(lines[0]).toContain('id,at,by,entity');
  expect(lines).toHaveLength(5);
  expect(lines[1]).toContain('region.name: ""东"" → ');
  // Who opens the file runs nothing.
  expect(answer.body).not.toMatch(/(^|,)"?=/m);
});

test('that a file was taken is in the audit', async () => {
  const [row] = await rowsOf(operator, 'what=audit_exported');
  expect(row).toMatchObject({ entity: 'account', note: expect.stringContaining('"rows":4') });
});

test('a file holds nothing of other regions', async () => {
  const answer = await near('GET /audit/export');
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('东');
  expect(answer.body).not.toContain('西');
  const head = await as(api(), 'head', 'station_head');
  expect((await head('GET /audit/export')).statusCode).toBe(403);
});

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFault } from '../../services/db/camera-faults.ts';
import { markCoverage } from '../../services/db/coverage.ts';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import {
  COVERAGE_CODES,
  COVERAGE_ORDER,
  type CoverageCode,
  stronger,
  tally,
} from '../../services/domain/coverage.ts';
import { seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase();
let database: OpenDatabase;
beforeAll(() => {
  database = openDatabase(url(), { max: 2 });
});
afterAll(async () => {
  await database.close();
});

test('the database and the domain hold the same order of letters, and blind is the strongest', async () => {
  const letters = [...COVERAGE_ORDER];
  expect(letters.toSorted()).toEqual(Object.values(COVERAGE_CODES).toSorted());
  for (const a of letters) {
    for (const b of letters) {
      const { rows } = await sql<{ s: string }>`select coverage_stronger(${a}, ${b}) as s`.execute(
        database.db,
      );
      expect(rows[0]?.s).toBe(stronger(a, b));
      if (a === 'X' || b === 'X') expect(rows[0]?.s).toBe('X');
    }
  }
  expect(tally('XXL')).toMatchObject({ blind: 2, looked: 1 });
});

test('a ticket marks what was looked at since the fault began, and only that', async () => {
  const { cameraId } = await seedKitchen(database.db);
  const hour = Date.parse('2026-03-02T04:00:00Z');
  const at = (minute: number): Date => new Date(hour + minute * 60_000);
  const before: CoverageCode[] = [...'LLLLLULDOFCL'] as CoverageCode[];
  // From 03:56 to 04:08, over the full hour.
  await markCoverage(
    database.db,
    before.map((code, i) => ({ cameraId, at: at(i - 4), code })),
  );
  const fault = {
    kind: 'covered',
    since: new Date(at(-2).getTime() + 20_000),
    cause: '',
    detail: {},
    mutedBy: null,
  } as const;
  expect(await openFault(database.db, { id: cameraId }, fault, at(8))).toBe(true);
  expect(await openFault(database.db, { id: cameraId }, fault, at(8))).toBe(false);
  const rows = await database.db
    .selectFrom('coverage')
    .select('minutes')
    .where('camera_id', '=', cameraId)
    .orderBy('hour')
    .execute();
  expect(
    rows
      .map((row) => row.minutes)
      .join('')
      .slice(56, 68),
  ).toBe('LLXXXXXXOFCX');
});

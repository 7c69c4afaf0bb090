import { pbkdf2Sync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../services/db/database.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { generateAcl, SERVICE } from './support/acl.ts';
import { kitchenWithSecret, prefixOfKitchen, SECRET } from './support/running.ts';

const url = useTestDatabase();

/** EMQX itself cannot be had here: only what its documentation says of the files is checked. */
test('for EMQX: users with hex hash and text salt, rules that end with a denial', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-acl-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const database = openDatabase(url(), { max: 2 });
  onTestFinished(() => database.close());
  const kitchen = await kitchenWithSecret(database);
  const neighbour = await kitchenWithSecret(database);
  const disabled = await kitchenWithSecret(database);
  const off = database.db.updateTable('gateway').set({ enabled: false }).where('id', '=', disabled.gatewayId);
  await off.execute();
  const { files } = await generateAcl(url(), 'emqx', folder);
  const users = (files['users.csv'] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(users[0]).toEqual(['user_id', 'password_hash', 'salt', 'is_superuser']);
  expect(
    users
      .slice(1)
      .map(([name]) => name)
      .toSorted(),
  ).toEqual([SERVICE.username, kitchen.gatewayCode, neighbour.gatewayCode].toSorted());
  const [, hash, salt, superuser] = users.find(([name]) => name === kitchen.gatewayCode) ?? [];
  expect(superuser).toBe('false');
  expect(pbkdf2Sync(SECRET, salt ?? '', 101, 64, 'sha512').toString('hex')).toBe(hash);
  const rules = (files['acl.conf'] ?? '')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('%%'));
  expect(rules.every((line) => /^\{(allow|deny), .*\}\.$/.test(line))).toBe(true);
  expect(rules.at(-1)).toBe('{deny, all}.');
  const prefix = prefixOfKitchen(kitchen);
  expect(rules).toContain(`{allow, {username, "${kitchen.gatewayCode}"}, subscribe, ["${prefix}/cmd/#"]}.`);
  expect(rules.find((line) => line.includes(kitchen.gatewayCode))).toContain(`"${prefix}/frame/+"`);
  expect(files['acl.conf']).not.toContain(disabled.gatewayCode);
});

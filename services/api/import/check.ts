/** Checks items against the schemas of the API's own POST bodies, and that none stands twice in the file. */

import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { said } from '../../domain/said.ts';
import { NewCamera } from '../schemas/camera.ts';
import { NewRule } from '../schemas/policy.ts';
import { NewGateway, NewMerchant, NewRegion, NewZone } from '../schemas/registry.ts';
import { fieldErrors } from '../validation.ts';
import { type ImportErrors, type Item, type Items, SECTIONS, type Section } from './items.ts';

const SCHEMAS = {
  regions: NewRegion,
  merchants: NewMerchant,
  zones: NewZone,
  gateways: NewGateway,
  cameras: NewCamera,
  rules: NewRule,
} as const satisfies Record<Section, TSchema>;

export type Checked = { [S in Section]: Item<Static<(typeof SCHEMAS)[S]>>[] };

const COMPILED = new Map(SECTIONS.map((section) => [section, Compile(SCHEMAS[section])]));

function keyOf({ section, value }: Item): string {
  switch (section) {
    case 'zones':
      return `${value.merchant}|${value.code}`;
    case 'rules':
      return `${value.region ?? ''}|${value.zoneKind ?? ''}|${value.kind}`;
    default:
      return String(value.code);
  }
}

/** The items that are right in themselves; what is wrong goes to `errors`. */
export function checkItems(items: Items, errors: ImportErrors): Checked {
  const checked: Items = { regions: [], merchants: [], zones: [], gateways: [], cameras: [], rules: [] };
  for (const section of SECTIONS) {
    const compiled = COMPILED.get(section);
    const seen = new Map<string, Item>();
    for (const item of items[section]) {
      if (compiled !== undefined && !compiled.Check(item.value)) {
        const failures = compiled.Errors(item.value);
        for (const { field, ...why } of fieldErrors(SCHEMAS[section], item.value, failures, 'body'))
          errors.add(item, field, why);
        continue;
      }
      const key = keyOf(item);
      const before = seen.get(key);
      if (before !== undefined) {
        const where = before.row === undefined ? `${section}.${before.index}` : `row ${before.row}`;
        errors.add(item, 'code' in item.value ? 'code' : 'kind', said('twice_in_file', { where }));
        continue;
      }
      seen.set(key, item);
      checked[section].push(item);
    }
  }
  return checked as Checked;
}

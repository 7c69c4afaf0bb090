/** Rules of an import. */

import { randomUUID } from 'node:crypto';
import { ruleColumns } from '../../db/rule-columns.ts';
import { said } from '../../domain/said.ts';
import { mayEverywhere } from '../scope.ts';
import type { Checked } from './check.ts';
import { differences, type Planning } from './plan.ts';
import { regionOf } from './plan-registry.ts';
import { ruleKey } from './world.ts';

export function planRule(planning: Planning, item: Checked['rules'][number]): void {
  const { world, plan, errors, actor } = planning;
  const { kind, zoneKind = null, region: code, ...values } = item.value;
  if (values.k > values.n) {
    errors.add(item, 'k', said('k_above_n', { k: values.k, n: values.n }));
    return;
  }
  const region = typeof code === 'string' ? regionOf(planning, item, code) : null;
  if (region === undefined) return;
  if (region === null && !mayEverywhere(actor)) {
    errors.add(item, 'region', said('rule_needs_place'));
    return;
  }
  const columns = ruleColumns(values);
  const known = world.rules.get(ruleKey(region?.id ?? null, zoneKind, kind));
  if (known === undefined) {
    plan.rule.insert.push({
      id: randomUUID(),
      region_id: region?.id ?? null,
      zone_kind: zoneKind,
      kind,
      ...columns,
    });
    return;
  }
  const set = differences(known, columns);
  if (Object.keys(set).length === 0) plan.rule.unchanged += 1;
  else plan.rule.update.push({ id: known.id, set });
}

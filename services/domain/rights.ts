/**
 * Who may do what: one line an action, deny by default. Where it may be done is services/domain/access.ts `may()`. The roles follow
 * domain.md, "Users and what they hate" and "Duties"; a line says why when the list alone does not.
 */
import type { Role } from './words.ts';

/** Both read what concerns their merchant; only they answer for it. */
const MERCHANT: readonly Role[] = ['merchant', 'food_safety_officer'];
/** At the desk: they judge findings and decide tasks. The operator of a small installation is its inspector too. */
const DESK: readonly Role[] = ['operator', 'inspector', 'station_head'];
/** The office: everybody of the bureau who works on cases. */
const OFFICE: readonly Role[] = [...DESK, 'field_inspector', 'director'];
/** Those who answer for the office. */
const HEADS: readonly Role[] = ['operator', 'station_head', 'director'];
const OPERATOR: readonly Role[] = ['operator'];

export const RIGHTS = {
  // Registry: regions, merchants, zones, gateways, cameras.
  'registry.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform'],
  'registry.write': OPERATOR,
  // Where a merchant is: whoever of the bureau was there knows it.
  'merchant.place': [...DESK, 'field_inspector'],
  // Policy: rules, limits, calendars, escalation chains, templates. The director answers for it, the operator enters it.
  'policy.read': OFFICE,
  'policy.write': ['operator', 'director'],

  // Findings are leads, not yet facts: neither the merchant nor its cadre hears of them before a person confirmed.
  'finding.read': [...OFFICE, 'platform'],
  // 网上巡查, 陪餐, field visit, cadre: whoever sees something for the bureau.
  'finding.create': [...DESK, 'field_inspector', 'cadre'],
  'finding.judge': DESK,

  'task.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform'],
  // Only the merchant answers for the merchant.
  'task.answer': MERCHANT,
  'task.decide': DESK,
  // Closed is closed; handled anew only when the head says so.
  'task.reopen': HEADS,
  // 到场核查: with place, time and photographs. Who was there closes, returns, passes a recheck and confirms, by the visit alone.
  'task.visit': ['inspector', 'field_inspector', 'station_head', 'operator'],

  // How the office itself does with a task: late reviews and visits, what is drawn by lot. Neither the merchant nor its cadre.
  'office.read': [...OFFICE, 'platform'],

  // 责令改正通知书, 约谈, 三书一函: drafted by those who were there, issued by the head.
  'document.read': [...OFFICE, 'cadre', ...MERCHANT],
  // Those to other offices, 督办 and 移送函: a merchant does not hear that it was reported. The merchant reads what is addressed to it.
  'document.read_others': [...OFFICE, 'cadre'],
  'document.draft': [...DESK, 'field_inspector'],
  'document.issue': HEADS,

  'case.read': OFFICE,
  'case.export': [...DESK, 'director'],
  // Holding evidence back from deletion, and letting it go.
  'case.hold': HEADS,

  // 线索移送: the cadre's one tap.
  'lead.read': [...OFFICE, 'cadre', 'platform'],
  'lead.transfer': [...DESK, 'cadre'],

  'alert.read': [...OFFICE, 'cadre', ...MERCHANT],
  'alert.acknowledge': [...DESK, 'field_inspector', 'cadre', ...MERCHANT],
  // Channels and quiet hours of a region; one's own need no right.
  'alert.configure': OPERATOR,
  // Who of a merchant's people is told what: the owner knows best.
  'alert.assign': ['operator', 'merchant'],

  // Stored pictures: evidence of findings and tasks, photos of answers.
  'picture.read': [...OFFICE, 'cadre', ...MERCHANT],
  // What a camera shows now: asks a purpose, is logged. The cadre has no live wall.
  'live.view': [...OFFICE, ...MERCHANT],
  // Who looked at what, and why.
  'live.log': ['operator', 'director'],

  'coverage.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform'],
  // The merchant sees its own figures, the cadre those of the merchants assigned; neither sees leads (services/api/statistics).
  'statistics.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform'],
  // 月报: those who answer for the figures take them along.
  'report.read': HEADS,
  // 双随机: made by those who send people out, read by all of the office.
  'draw.read': OFFICE,
  'draw.make': HEADS,

  // 三本账 (日管控, 周排查, 月调度): kept by the merchant; the month's is signed by its owner.
  'ledger.read': [...OFFICE, 'cadre', ...MERCHANT],
  'ledger.write': MERCHANT,
  'ledger.sign': ['merchant'],
  // 包保督导: the cadre's visits of the quarter.
  'supervision.read': [...HEADS, 'inspector', 'cadre'],
  'supervision.write': ['cadre'],
  'supervision.assign': HEADS,

  // What edge boxes sent, as it came.
  'edge.read': [...DESK],
  // Inbound orders of another platform; people use the page.
  'platform.command': ['platform'],
  // What platforms ordered and what became of it: those who answer for the tasks, and for the line.
  'platform.read': ['operator', 'station_head'],
  'event.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform'],

  // The redacted view is for everybody; tips are looked at by the desk.
  'public.read': [...OFFICE, 'cadre', ...MERCHANT, 'platform', 'public'],
  'public.configure': OPERATOR,
  'tip.create': ['public', 'cadre', ...MERCHANT],
  'tip.read': [...DESK, 'director'],

  'account.read': OPERATOR,
  'account.write': OPERATOR,
  'audit.read': ['operator', 'director'],
  // Gateways, queues, deliveries, models, proposals.
  'operation.read': OPERATOR,
  'operation.write': OPERATOR,
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof RIGHTS;
export const ACTIONS = Object.keys(RIGHTS) as Action[];

/** Whether the role may do it at all, somewhere. */
export function roleMay(role: Role, action: Action): boolean {
  const roles: readonly Role[] = RIGHTS[action];
  return roles.includes(role);
}

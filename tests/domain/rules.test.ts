import { describe, expect, it } from 'vitest';
import { may } from '../../services/domain/access.ts';
import { COVERAGE_ORDER, hourAndMinute, stronger, tally } from '../../services/domain/coverage.ts';
import { GATE_SIZE, gate, maskOf } from '../../services/domain/gate.ts';
import { isOpen } from '../../services/domain/hours.ts';
import { fingerprint, joins, lookId } from '../../services/domain/merge.ts';
import { STARTING_POLICY } from '../../services/domain/policy.ts';
import { resolveRule, rulesFor, STARTING_RULES } from '../../services/domain/rules.ts';
import { lookSlot, msToNextLook, phaseMs } from '../../services/domain/schedule.ts';
import { deadlinesFrom } from '../../services/domain/task.ts';

describe('rules', () => {
  const [base] = STARTING_RULES;
  if (base === undefined) throw new Error('there are starting rules');
  const scoped = (regionPath: string | null, zoneKind: typeof base.zoneKind, k: number) => ({
    ...base,
    regionPath,
    zoneKind,
    k,
  });
  const where = { regionPath: 'huojia.chengguan.grid-1', zoneKind: 'cooking' } as const;

  it('lets the deepest region win, and in it the zone', () => {
    const rules = [scoped(null, null, 1), scoped(null, 'cooking', 2), scoped('huojia', null, 3)];
    expect(resolveRule(rules, where, 'no_hat')?.k).toBe(3);
    expect(resolveRule([...rules, scoped('huojia', 'cooking', 4)], where, 'no_hat')?.k).toBe(4);
    expect(resolveRule([...rules, scoped('huojia.chengguan', null, 5)], where, 'no_hat')?.k).toBe(5);
    expect(resolveRule(rules, { ...where, regionPath: 'huojia2' }, 'no_hat')?.k).toBe(2);
    expect(resolveRule(rules, where, 'rodent')).toBeUndefined();
  });

  it('asks for masks only where they are mandatory, and for rodents everywhere', () => {
    const kinds = ['no_hat', 'no_mask', 'rodent'] as const;
    const at = (zoneKind: 'cooking' | 'special_room') =>
      rulesFor(STARTING_RULES, { ...where, zoneKind }, kinds).map((r) => r.kind);
    expect(at('cooking')).toEqual(['no_hat', 'rodent']);
    expect(at('special_room')).toEqual(['no_hat', 'no_mask', 'rodent']);
  });
});

describe('merging', () => {
  const key = { cameraId: 'c', zoneId: 'z', kind: 'no_hat', mergeWindowMin: 30 } as const;
  const first = new Date('2026-03-01T04:10:00Z');
  const later = (minutes: number) => new Date(first.getTime() + minutes * 60_000);

  it('joins within the window on both sides and not at its end', () => {
    expect([-30, -29, 0, 29, 30].map((m) => joins(first, later(m), 30))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('never gives two findings that do not join the same fingerprint', () => {
    for (let minute = 0; minute < 90; minute += 1) {
      const same =
        fingerprint({ ...key, firstSeen: first }) === fingerprint({ ...key, firstSeen: later(minute) });
      if (same) expect(joins(first, later(minute), 30)).toBe(true);
    }
  });

  it('gives the same look the same id and another look another', () => {
    const id = lookId('camera', first, 7, 'ab');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(lookId('camera', first, 7, 'ab')).toBe(id);
    expect(
      new Set([
        id,
        lookId('camera', first, 8, 'ab'),
        lookId('camera', later(1), 7, 'ab'),
        lookId('other', first, 7, 'ab'),
      ]).size,
    ).toBe(4);
  });
});

describe('gate', () => {
  const flat = (value: number) => new Uint8Array(GATE_SIZE).fill(value);
  const none = maskOf([]);
  const withHead = () => {
    const picture = flat(100);
    for (let y = 10; y < 13; y += 1) picture.fill(200, y * 64 + 20, y * 64 + 23);
    return picture;
  };

  it('passes the first picture and one with something new', () => {
    expect(gate(undefined, flat(100), none).verdict).toBe('first');
    expect(gate(flat(100), withHead(), none).verdict).toBe('changed');
  });

  it('stops noise, a change of light, and what the timestamp mask covers', () => {
    const noisy = flat(100).map((value, i) => value + (i % 7) - 3);
    expect(gate(flat(100), noisy, none)).toMatchObject({ verdict: 'unchanged', identical: false });
    expect(gate(flat(100), flat(160), none).verdict).toBe('unchanged');
    const mask = maskOf([[20 / 64, 10 / 36, 23 / 64, 13 / 36]]);
    expect(gate(flat(100), withHead(), mask)).toMatchObject({ verdict: 'unchanged', identical: true });
  });

  it('refuses pictures of another size', () => {
    expect(() => gate(undefined, new Uint8Array(3), none)).toThrow('2304 bytes');
  });
});

describe('schedule', () => {
  it('gives each interval one slot, spread over cameras, the same after a restart', () => {
    const at = new Date('2026-03-01T04:10:00Z');
    const slot = lookSlot('camera-1', 30, at);
    const next = new Date(at.getTime() + msToNextLook('camera-1', 30, at));
    expect(lookSlot('camera-1', 30, next)).toBe(slot + 1);
    expect(lookSlot('camera-1', 30, new Date(next.getTime() - 1))).toBe(slot);
    const phases = Array.from({ length: 1000 }, (_, i) => phaseMs(`camera-${i}`, 30));
    const early = phases.filter((phase) => phase < 15_000).length;
    expect(early).toBeGreaterThan(400);
    expect(early).toBeLessThan(600);
  });
});

describe('opening hours', () => {
  const zone = 'Asia/Shanghai';
  it('heeds local time, midnight and closed days', () => {
    const hours = {
      mon: [
        ['09:00', '14:00'],
        ['17:00', '02:00'],
      ] as [string, string][],
    };
    const monday = (time: string) => new Date(`2026-03-02T${time}:00+08:00`);
    expect(isOpen(hours, zone, monday('08:59'))).toBe(false);
    expect(isOpen(hours, zone, monday('09:00'))).toBe(true);
    expect(isOpen(hours, zone, monday('14:00'))).toBe(false);
    expect(isOpen(hours, zone, monday('23:59'))).toBe(true);
    expect(isOpen(hours, zone, new Date('2026-03-03T01:59:00+08:00'))).toBe(true);
    expect(isOpen(hours, zone, new Date('2026-03-03T02:00:00+08:00'))).toBe(false);
    expect(isOpen(null, zone, monday('03:00'))).toBe(true);
    expect(isOpen({}, zone, monday('12:00'))).toBe(false);
  });
});

describe('coverage', () => {
  it('keeps the stronger letter and counts minutes', () => {
    expect(stronger('U', 'O')).toBe('U');
    expect(stronger('D', 'L')).toBe('L');
    expect(COVERAGE_ORDER.startsWith('.')).toBe(true);
    expect(tally(`LLU${'.'.repeat(57)}`)).toMatchObject({ looked: 2, unchanged: 1, unaccounted: 57 });
    expect(hourAndMinute(new Date('2026-03-01T04:59:59Z'))).toEqual({
      hour: new Date('2026-03-01T04:00:00Z'),
      minute: 59,
    });
  });
});

describe('deadlines', () => {
  it('start at issue with the limits of the class', () => {
    const issued = new Date('2026-03-01T00:00:00Z');
    expect(deadlinesFrom(issued, STARTING_POLICY.limits[1])).toEqual({
      acknowledgeDue: new Date('2026-03-01T00:30:00Z'),
      submitDue: new Date('2026-03-02T00:00:00Z'),
    });
  });
});

describe('access', () => {
  const actor = {
    accountId: 'a',
    username: 'u',
    regionPath: 'huojia.chengguan',
    merchantId: null,
    assignedMerchantIds: null,
    cameraIds: null,
  };
  const inside = { regionPath: 'huojia.chengguan.grid-1', merchantId: 'm' };
  it('denies outside of scope and role', () => {
    expect(may({ ...actor, role: 'inspector' }, 'finding.judge', inside)).toBe(true);
    expect(may({ ...actor, role: 'inspector' }, 'finding.judge', { ...inside, regionPath: 'huojia' })).toBe(
      false,
    );
    expect(
      may({ ...actor, role: 'inspector' }, 'finding.judge', { ...inside, regionPath: 'huojia.chengguan2' }),
    ).toBe(false);
    expect(may({ ...actor, role: 'director' }, 'finding.judge', inside)).toBe(false);
    const merchant = { ...actor, role: 'merchant', merchantId: 'm' } as const;
    expect(may(merchant, 'task.read', inside)).toBe(true);
    expect(may(merchant, 'task.read', { ...inside, merchantId: 'other' })).toBe(false);
    expect(may(merchant, 'finding.read', inside)).toBe(false);
  });

  it('a cadre has the merchants that are assigned, within its region', () => {
    const cadre = { ...actor, role: 'cadre', assignedMerchantIds: ['m'] } as const;
    expect(may(cadre, 'task.read', inside)).toBe(true);
    expect(may(cadre, 'task.read', { ...inside, merchantId: 'other' })).toBe(false);
    expect(may(cadre, 'task.read', { ...inside, regionPath: 'elsewhere' })).toBe(false);
    expect(may(cadre, 'registry.read', { ...inside, merchantId: null })).toBe(false);
    expect(may({ ...cadre, assignedMerchantIds: [] }, 'task.read', inside)).toBe(false);
  });

  it('an account that is limited to cameras has what lies at them, and nothing else', () => {
    const limited = { ...actor, role: 'inspector', cameraIds: ['c'] } as const;
    expect(may(limited, 'finding.judge', { ...inside, cameraId: 'c' })).toBe(true);
    expect(may(limited, 'finding.judge', { ...inside, cameraId: 'd' })).toBe(false);
    expect(may(limited, 'registry.read', inside)).toBe(false);
    expect(may(limited, 'finding.judge', { regionPath: 'elsewhere', merchantId: 'm', cameraId: 'c' })).toBe(
      false,
    );
  });
});

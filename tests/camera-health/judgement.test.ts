import { describe, expect, test } from 'vitest';
import { isBlack, judgeHealth, shouldBeLit } from '../../services/domain/camera-health.ts';
import { FAULTY, jpeg, PHOTOGRAPHS, profileOfJpeg, view, WELL } from './support/scenes.ts';

describe('one picture against the approved one, on six photographs', () => {
  const verdicts = async (make: (one: Buffer) => Promise<Buffer>, approved = true): Promise<string[]> =>
    await Promise.all(
      PHOTOGRAPHS.map(async (photograph) => {
        const one = await view(photograph);
        const profile = await profileOfJpeg(await jpeg(one));
        return judgeHealth(await profileOfJpeg(await make(one)), { profile, approved }).verdict;
      }),
    );
  const all = (verdict: string): string[] => PHOTOGRAPHS.map(() => verdict);

  test.each(Object.entries(WELL))('%s is no fault', async (_name, make) => {
    expect(await verdicts(make)).toEqual(all('ok'));
  });

  test.each(Object.entries(FAULTY))('%s is told', async (_name, { fault, make }) => {
    expect(await verdicts(make)).toEqual(all(fault));
  });

  test('another view is no movement while nobody has approved one', async () => {
    const other = FAULTY['turned away by a third'];
    if (other === undefined) throw new Error('no such scene');
    expect(await verdicts(other.make, false)).toEqual(all('ok'));
  });

  test('covered and blurred are told against a picture that nobody approved', async () => {
    const { 'a cloth over the lens': cloth, 'out of focus': blur } = FAULTY;
    if (cloth === undefined || blur === undefined) throw new Error('no such scene');
    expect(await verdicts(cloth.make, false)).toEqual(all('covered'));
    expect(await verdicts(blur.make, false)).toEqual(all('blurred'));
  });
});

test('without anything to compare with only what shows nothing is covered', async () => {
  const one = await view(4);
  const cloth = await FAULTY['a cloth over the lens']?.make(one);
  const blurred = await FAULTY['far out of focus']?.make(one);
  if (cloth === undefined || blurred === undefined) throw new Error('no such scene');
  expect(judgeHealth(await profileOfJpeg(cloth), undefined).verdict).toBe('covered');
  expect(judgeHealth(await profileOfJpeg(blurred), undefined).verdict).toBe('ok');
});

test('a dark room with one lamp is not black', () => {
  const thumbnail = new Uint8Array(64 * 36).fill(8);
  expect(isBlack(thumbnail)).toBe(true);
  thumbnail.fill(220, 0, 90);
  expect(isBlack(thumbnail)).toBe(false);
});

test('light is owed in opening hours; where none are written, by day', () => {
  const china = 'Asia/Shanghai';
  const noon = new Date('2026-03-02T04:00:00Z');
  const night = new Date('2026-03-02T16:00:00Z');
  const evenings = { mon: [['17:00', '02:00']] as [string, string][] };
  expect([shouldBeLit(null, china, noon), shouldBeLit(null, china, night)]).toEqual([true, false]);
  expect([shouldBeLit(evenings, china, noon), shouldBeLit(evenings, china, night)]).toEqual([false, true]);
});

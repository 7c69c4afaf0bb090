import { hearOffset, type OffsetRun } from '../../domain/clock-skew.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

/** Seconds after which what a silent device said of its clock explains nothing any more. */
const FRESH_S = 150;

interface Heard {
  run: OffsetRun | undefined;
  wrong: boolean;
  at: Date;
}

/** Watches the clocks of gateways that date their pictures themselves. */
export interface DeviceClocks {
  /**
   * A look came, be it that its date alone made us refuse it. @param offsetS receipt less device time, seconds
   * @returns `wrong`: the device's clock seems wrong, so that it is not silent; `known`: it surely is: what comes is live, and of now
   */
  heard(entry: CameraEntry, offsetS: number, now: Date): Promise<'right' | 'wrong' | 'known'>;
  /** Whether it sends looks whose dates are wrong: then it is not silent, though no picture of now comes. */
  isWrong(cameraId: string, now: Date): boolean;
  /** Forgets cameras that this process watches no more. */
  keepOnly(isKnown: (cameraId: string) => boolean): void;
}

export function createDeviceClocks(book: FaultBook): DeviceClocks {
  const devices = new Map<string, Heard>();
  return {
    async heard(entry, offsetS, now) {
      const { id } = entry.record;
      const { run, verdict } = hearOffset(devices.get(id)?.run, offsetS, now);
      const wrong = verdict.is === 'wrong';
      devices.set(id, { run, wrong, at: now });
      // A buffer that empties says nothing against the clock: what seemed wrong before it was none.
      if (!wrong) {
        if (verdict.is !== 'open') await book.judge(entry, { kind: 'clock', faulty: false, at: now });
        return 'right';
      }
      const { skewS } = verdict;
      const offBy = Math.round(Math.abs(skewS));
      await book.judge(entry, {
        kind: 'clock',
        faulty: true,
        at: now,
        cause: `the device's clock is ${offBy} s ${skewS > 0 ? 'behind' : 'ahead'}`,
        detail: { offsetS: Math.round(skewS) },
      });
      return verdict.known ? 'known' : 'wrong';
    },
    isWrong(cameraId, now) {
      const heard = devices.get(cameraId);
      return heard?.wrong === true && now.getTime() - heard.at.getTime() <= FRESH_S * 1000;
    },
    keepOnly(isKnown) {
      for (const id of devices.keys()) if (!isKnown(id)) devices.delete(id);
    },
  };
}

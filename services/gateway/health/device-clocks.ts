import { clockSkew } from '../../domain/clock-skew.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

/** Offsets that are remembered of a camera. */
const KEPT = 8;

/** Watches the clocks of gateways that date their pictures themselves. */
export interface DeviceClocks {
  /**
   * A look came. @param offsetS receipt less device time, seconds
   * @returns true when the device's clock is known to be wrong: what it sends is live, whatever its date
   */
  heard(entry: CameraEntry, offsetS: number, now: Date): Promise<boolean>;
  /** Forgets cameras that this process watches no more. */
  keepOnly(isKnown: (cameraId: string) => boolean): void;
}

export function createDeviceClocks(book: FaultBook): DeviceClocks {
  const offsets = new Map<string, number[]>();
  return {
    async heard(entry, offsetS, now) {
      const { id } = entry.record;
      const list = [...(offsets.get(id) ?? []), offsetS].slice(-KEPT);
      offsets.set(id, list);
      const skew = clockSkew(list);
      if (skew === undefined) return false;
      const offBy = Math.round(Math.abs(skew));
      await book.judge(entry, {
        kind: 'clock',
        faulty: skew !== 0,
        at: now,
        cause: `the device's clock is ${offBy} s ${skew > 0 ? 'behind' : 'ahead'}`,
        detail: { offsetS: Math.round(skew) },
      });
      return skew !== 0;
    },
    keepOnly(isKnown) {
      for (const id of offsets.keys()) if (!isKnown(id)) offsets.delete(id);
    },
  };
}

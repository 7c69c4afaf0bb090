import { clockSkew } from '../../domain/clock-skew.ts';
import type { CameraEntry } from '../registry/entry.ts';
import type { FaultBook } from './fault-book.ts';

/** Offsets that are remembered of a camera. */
const KEPT = 8;
/** Seconds after which what a silent device said of its clock explains nothing any more. */
const FRESH_S = 150;

interface Heard {
  offsetsS: number[];
  wrong: boolean;
  at: Date;
}

/** Watches the clocks of gateways that date their pictures themselves. */
export interface DeviceClocks {
  /**
   * A look came. @param offsetS receipt less device time, seconds
   * @returns true when the device's clock is known to be wrong: what it sends is live, whatever its date
   */
  heard(entry: CameraEntry, offsetS: number, now: Date): Promise<boolean>;
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
      const offsetsS = [...(devices.get(id)?.offsetsS ?? []), offsetS].slice(-KEPT);
      const skew = clockSkew(offsetsS);
      devices.set(id, { offsetsS, wrong: skew !== undefined && skew !== 0, at: now });
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
    isWrong(cameraId, now) {
      const heard = devices.get(cameraId);
      return heard?.wrong === true && now.getTime() - heard.at.getTime() <= FRESH_S * 1000;
    },
    keepOnly(isKnown) {
      for (const id of devices.keys()) if (!isKnown(id)) devices.delete(id);
    },
  };
}

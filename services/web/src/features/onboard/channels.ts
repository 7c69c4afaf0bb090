import type { FoundCamera, FoundSource } from '../../api/onboard-types.ts';

/** What may be added as one camera: a camera, a channel of a recorder, or a device that told nothing. */
export interface Channel {
  key: string;
  device: FoundCamera;
  /** Undefined: it told no streams. */
  source: FoundSource | undefined;
  /** From 1; null: the device has no other. */
  number: number | null;
  /** Codes of ours at the device of which nobody can tell which source they show. */
  unplaced: string[];
}

export function channelsOf(found: readonly FoundCamera[]): Channel[] {
  return found.flatMap((device): Channel[] => {
    const { host, sources } = device;
    if (sources.length === 0)
      return [{ key: host, device, source: undefined, number: null, unplaced: device.known }];
    const placed = new Set(sources.flatMap(({ known }) => known));
    const unplaced = device.known.filter((code) => !placed.has(code));
    return sources.map((source, i) => ({
      key: `${host} ${i}`,
      device,
      source,
      number: sources.length === 1 ? null : i + 1,
      unplaced,
    }));
  });
}

export const isUsable = ({ source }: Channel): boolean => source !== undefined && source.known.length === 0;

/** Chosen from the start: surely not there yet. */
export const isNew = (channel: Channel): boolean => isUsable(channel) && channel.unplaced.length === 0;

/** Code of the camera that it becomes: at most 64 signs, its own end kept. */
export function codeOf({ device, number }: Channel, merchant: string): string {
  const end = `-${device.host.replaceAll('.', '-')}${number === null ? '' : `-${number}`}`;
  return `${merchant.slice(0, 64 - end.length)}${end}`;
}

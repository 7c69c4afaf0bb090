import { aibox } from './adapters/aibox.ts';
import { aidrive } from './adapters/aidrive.ts';
import { bmBox } from './adapters/bm-box.ts';
import { dahua } from './adapters/dahua.ts';
import { gb28181 } from './adapters/gb28181.ts';
import { hikvision } from './adapters/hikvision.ts';
import { huaweiVias } from './adapters/huawei-vias.ts';
import { jf } from './adapters/jf.ts';
import { mingzao } from './adapters/mingzao.ts';
import { trustivs } from './adapters/trustivs.ts';
import { readPayload } from './payload.ts';
import {
  BadEdgeEvent,
  type EdgeAdapter,
  type EdgeFormat,
  type EdgeReading,
  type ReadingContext,
} from './reading.ts';

/** In the order in which they are asked; the shapes do not overlap. */
export const ADAPTERS: readonly EdgeAdapter[] = [
  mingzao,
  huaweiVias,
  aidrive,
  bmBox,
  jf,
  trustivs,
  aibox,
  hikvision,
  dahua,
  gb28181,
];

/** Most readings of one message: more is no alarm but a flood. */
const MOST_READINGS = 100;

export interface ReadEvent {
  format: EdgeFormat;
  readings: EdgeReading[];
}

/**
 * Reads what a box sent. `format` absent: the one whose shape it has.
 * @param parts pictures that came as parts of their own
 * @throws BadEdgeEvent when no format fits, or a field is wrong
 */
export function readEvent(
  bytes: Buffer,
  context: ReadingContext,
  options: { format?: EdgeFormat; parts?: Buffer[] } = {},
): ReadEvent {
  const payload = readPayload(bytes, options.parts);
  const adapter = ADAPTERS.find((one) =>
    options.format === undefined ? one.recognises(payload) : one.format === options.format,
  );
  if (adapter === undefined) {
    throw new BadEdgeEvent(
      'event',
      `has no shape that is known: ${ADAPTERS.map((one) => one.format).join(', ')}`,
    );
  }
  const readings = adapter.read(payload, context);
  if (readings.length > MOST_READINGS) {
    throw new BadEdgeEvent('event', `holds ${readings.length} records, ${MOST_READINGS} are allowed`);
  }
  return { format: adapter.format, readings };
}

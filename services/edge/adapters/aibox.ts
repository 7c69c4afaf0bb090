import {
  base64Of,
  cornersOf,
  fieldsOf,
  fourNumbers,
  isFields,
  listOf,
  scoreOf,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeBox } from '../reading.ts';
import { epochTime } from '../times.ts';

const KNOWN = ['tid', 'bid', 'timestamp', 'gateway', 'method', 'need_reply']
  .concat(['id', 'camera', 'channel', 'type', 'name', 'image', 'image_url'].map((field) => `data.${field}`))
  .concat(['x', 'y', 'w', 'h', 'score', 'label'].map((field) => `data.boxes[].${field}`));

/**
 * AIBOX, `thing/product/{sn}/events` (the envelope of DJI's cloud API: tid, bid, timestamp in milliseconds, gateway, method, data).
 * The body of `data` differs by firmware: what it names here is read, the rest is kept and counted.
 */
export const aibox: EdgeAdapter = {
  format: 'aibox',
  recognises: ({ json }) => isFields(json) && 'tid' in json && 'bid' in json && 'gateway' in json,
  read({ json }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    const data = fieldsOf(json, 'data');
    const type = textOf(data, 'type') || textOf(json, 'method');
    if (type === '') throw new BadEdgeEvent('data.type', 'is missing');
    const bytes = base64Of(data, 'image');
    const url = textOf(data, 'image_url');
    return [
      {
        eventId: textOf(json, 'tid') || undefined,
        channel: textOf(data, 'camera') || textOf(data, 'channel') || textOf(json, 'gateway'),
        at: epochTime(json.timestamp, 'timestamp'),
        type,
        label: textOf(data, 'name'),
        kind: kindOfWords(type, textOf(data, 'name')),
        state: /heart|status|online/i.test(type) ? 'heartbeat' : 'pulse',
        boxes: listOf(data, 'boxes').map((one, i): EdgeBox => {
          const sides = fourNumbers([one.x, one.y, one.w, one.h], `data.boxes[${i}]`);
          const score = scoreOf(one, 'score');
          const unit = sides.every((side) => side <= 1) ? 'share' : 'pixel';
          return { unit, corners: cornersOf(sides), ...(score === undefined ? {} : { score }) };
        }),
        picture: bytes ? { bytes } : url ? { url } : undefined,
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

import {
  base64Of,
  fourNumbers,
  isFields,
  listOf,
  neededText,
  scoreOf,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { EDGE_KINDS, type EdgeKind, kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeBox } from '../reading.ts';
import { writtenTime } from '../times.ts';

const KNOWN = ['format', 'id', 'camera', 'at', 'kind', 'label', 'state', 'picture', 'pictureUrl'].concat([
  'boxes[].box',
  'boxes[].score',
  'boxes[].label',
]);

/**
 * Our own format, for boxes that are written today:
 * `{format: "mingzao", id, camera, at, kind, boxes: [{box: [x1, y1, x2, y2] in 0..1, score}], picture: base64 | pictureUrl}`.
 */
export const mingzao: EdgeAdapter = {
  format: 'mingzao',
  recognises: ({ json }) => isFields(json) && json.format === 'mingzao',
  read({ json }, { timeZone }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    const type = neededText(json, 'kind');
    const state = textOf(json, 'state') || 'pulse';
    if (state !== 'pulse' && state !== 'active' && state !== 'inactive' && state !== 'heartbeat') {
      throw new BadEdgeEvent(
        'state',
        `is ${JSON.stringify(state)}: should be pulse, active, inactive or heartbeat`,
      );
    }
    const bytes = base64Of(json, 'picture');
    const url = textOf(json, 'pictureUrl');
    return [
      {
        eventId: textOf(json, 'id') || undefined,
        channel: textOf(json, 'camera'),
        at: writtenTime(json.at, timeZone, 'at'),
        type,
        label: textOf(json, 'label'),
        kind: EDGE_KINDS.find((kind): kind is EdgeKind => kind === type) ?? kindOfWords(type),
        state,
        boxes: listOf(json, 'boxes').map((one, i): EdgeBox => {
          const score = scoreOf(one, 'score');
          const list = Array.isArray(one.box) ? one.box : [];
          return {
            unit: 'share',
            corners: fourNumbers(list, `boxes[${i}].box`),
            ...(score === undefined ? {} : { score }),
            ...(textOf(one, 'label') === '' ? {} : { label: textOf(one, 'label') }),
          };
        }),
        picture: bytes ? { bytes } : url ? { url } : undefined,
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

import {
  base64Of,
  fieldsOf,
  fourNumbers,
  isFields,
  listOf,
  neededText,
  scoreOf,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeBox } from '../reading.ts';
import { epochTime } from '../times.ts';

const KNOWN = ['id', 'alert_time', 'device.*', 'source.*', 'alg.*', 'image', 'hazard_level'].concat(
  ['xyxy', 'conf', 'label', 'color', 'ext.*'].map((field) => `reserved_data.bbox.rectangles[].${field}`),
  ['reserved_data.bbox.polygons.*', 'reserved_data.bbox.lines.*', 'reserved_data.custom.*'],
);

/** aidrive boxes: JSON by HTTP; times in seconds with a fraction, corners in pixels, picture inline or by address. */
export const aidrive: EdgeAdapter = {
  format: 'aidrive',
  recognises: ({ json }) => isFields(json) && 'alert_time' in json && 'alg' in json,
  read({ json }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    const alg = fieldsOf(json, 'alg');
    const source = isFields(json.source) ? json.source : { id: json.source };
    const bbox = fieldsOf(fieldsOf(json, 'reserved_data'), 'bbox');
    const image = textOf(json, 'image');
    const bytes = /^https?:/i.test(image) ? undefined : base64Of(json, 'image');
    const type = neededText(alg, 'name', 'alg.');
    return [
      {
        eventId: textOf(json, 'id') || undefined,
        channel: textOf(source, 'id') || textOf(source, 'name') || textOf(source, 'url'),
        at: epochTime(json.alert_time, 'alert_time'),
        type,
        label: textOf(alg, 'ch_name'),
        kind: kindOfWords(type, textOf(alg, 'ch_name')),
        state: 'pulse',
        boxes: listOf(bbox, 'rectangles').map((one, i): EdgeBox => {
          const score = scoreOf(one, 'conf');
          const label = textOf(one, 'label');
          const list = Array.isArray(one.xyxy) ? one.xyxy : [];
          return {
            unit: 'pixel',
            corners: fourNumbers(list, `reserved_data.bbox.rectangles[${i}].xyxy`),
            ...(score === undefined ? {} : { score }),
            ...(label === '' ? {} : { label }),
          };
        }),
        picture: bytes ? { bytes } : image ? { url: image } : undefined,
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

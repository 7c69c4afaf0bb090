import {
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

const OBJECT = 'bizData.detailData[].objects[]';
const KNOWN = [
  'corpId',
  'bizType',
  'subBizType',
  'bizData.detailData[].image',
  'bizData.detailData[].objects',
]
  .concat(
    ['eventId', 'eventName', 'eventTime', 'deviceSn', 'deviceName', 'channelNumber'].map(
      (field) => `bizData.${field}`,
    ),
  )
  .concat(['label', 'obClass', 'confidence', 'customName', 'bbox.*'].map((field) => `${OBJECT}.${field}`))
  .concat(['custId', 'custUrl', 'attrs', 'attrConfs', 'extraData'].map((field) => `${OBJECT}.${field}`));

/**
 * JF 杰峰 open platform, `bizType: ai_alarm`: JSON by HTTP; times in milliseconds, corners in pixels as text, pictures by a signed
 * address that expires (the maker's page asks to copy them at once). Of several pictures the one with boxes counts, else the last.
 */
export const jf: EdgeAdapter = {
  format: 'jf',
  recognises: ({ json }) => isFields(json) && 'bizType' in json && 'bizData' in json,
  read({ json }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    const data = fieldsOf(json, 'bizData');
    const pictures = listOf(data, 'detailData');
    const shown =
      pictures.find((one) => Array.isArray(one.objects) && one.objects.length > 0) ?? pictures.at(-1);
    const objects = shown === undefined ? [] : listOf(shown, 'objects');
    const name = neededText(data, 'eventName', 'bizData.');
    const url = shown === undefined ? '' : textOf(shown, 'image');
    return [
      {
        eventId: textOf(data, 'eventId') || undefined,
        channel: [neededText(data, 'deviceSn', 'bizData.'), textOf(data, 'channelNumber')]
          .filter(Boolean)
          .join('/'),
        at: epochTime(data.eventTime, 'bizData.eventTime'),
        type: name,
        label: textOf(data, 'deviceName'),
        kind: kindOfWords(name, ...objects.map((one) => textOf(one, 'label'))),
        state: 'pulse',
        boxes: objects.flatMap((one, i): EdgeBox[] => {
          const box = fieldsOf(one, 'bbox');
          if (Object.keys(box).length === 0) return [];
          const score = scoreOf(one, 'confidence');
          const corners = fourNumbers([box.xmin, box.ymin, box.xmax, box.ymax], `objects[${i}].bbox`);
          const label = textOf(one, 'label');
          return [
            { unit: 'pixel', corners, ...(score === undefined ? {} : { score }), ...(label && { label }) },
          ];
        }),
        picture: url ? { url } : undefined,
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

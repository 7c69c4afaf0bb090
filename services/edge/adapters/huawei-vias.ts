import {
  base64Of,
  cornersOf,
  fieldsOf,
  fourNumbers,
  isFields,
  listOf,
  neededText,
  scoreOf,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { type EdgeKind, kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeBox } from '../reading.ts';
import { epochTime } from '../times.ts';

/** `event_type` of algorithms that matter in a kitchen (VIAS API reference, "Individual Behavior Detection", "Intrusion"). */
const TYPES: Readonly<Record<string, EdgeKind>> = {
  '720896': 'smoking',
  '786432': 'phone',
  '196609': 'intruder',
};

const KNOWN = ['event_type', 'task_id', 'stream_id', 'timestamp', 'message_id', 'image_base64'].concat(
  ['x', 'y', 'w', 'h'].map((side) => `data.event_set[].bounding_box.${side}`),
  ['detection_id', 'category', 'confidence', 'alarm_type', 'start_position', 'end_position'].map(
    (field) => `data.event_set[].${field}`,
  ),
);

/** Huawei VIAS 视频智能分析: JSON by webhook; times in seconds, boxes in pixels of the picture, picture inline. */
export const huaweiVias: EdgeAdapter = {
  format: 'huawei-vias',
  recognises: ({ json }) => isFields(json) && 'stream_id' in json && 'event_type' in json,
  read({ json }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    const type = neededText(json, 'event_type');
    const bytes = base64Of(json, 'image_base64');
    const set = listOf(fieldsOf(json, 'data'), 'event_set');
    return [
      {
        eventId: textOf(json, 'message_id') || undefined,
        channel: neededText(json, 'stream_id'),
        at: epochTime(json.timestamp, 'timestamp'),
        type,
        label: '',
        kind: TYPES[type] ?? kindOfWords(type),
        state: 'pulse',
        boxes: set.flatMap((one, i): EdgeBox[] => {
          const box = fieldsOf(one, 'bounding_box');
          if (Object.keys(box).length === 0) return [];
          const score = scoreOf(one, 'confidence');
          const sides = fourNumbers([box.x, box.y, box.w, box.h], `data.event_set[${i}].bounding_box`);
          return [{ unit: 'pixel', corners: cornersOf(sides), ...(score === undefined ? {} : { score }) }];
        }),
        picture: bytes && { bytes },
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

import {
  base64Of,
  cornersOf,
  fieldsOf,
  fourNumbers,
  isFields,
  neededText,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeReading } from '../reading.ts';
import { epochTime, writtenTime } from '../times.ts';

const KNOWN = [
  'BoardId',
  'BoardIp',
  'AlarmId',
  'UniqueId',
  'Id',
  'DataId',
  'TaskSession',
  'TaskDesc',
  'Time',
  'TimeStamp',
]
  .concat(['VideoFile', 'Summary', 'GBDeviceId', 'GBTaskChnId', 'ImageData', 'ImageDataLabeled', 'MsgType'])
  .concat([
    'LocalRawPath',
    'LocalLabeledPath',
    'Media.*',
    'Result.*',
    'GPS.*',
    'Addition.*',
    'Addition',
    'Info.*',
  ]);

/**
 * BM boxes (Sophon-based): JSON by HTTP. `TimeStamp` in microseconds, `RelativeBox` as left, top, width, height in 0..1, the
 * picture as it was in `ImageData` (the one with boxes drawn, `ImageDataLabeled`, is no evidence and left out).
 */
export const bmBox: EdgeAdapter = {
  format: 'bm-box',
  recognises: ({ json }) =>
    isFields(json) && (('BoardId' in json && 'TaskSession' in json) || json.MsgType === 'Keepalive'),
  read({ json }, { receivedAt, timeZone }) {
    if (!isFields(json)) throw new BadEdgeEvent('event', 'should be a JSON object');
    if (textOf(json, 'MsgType') === 'Keepalive') return [heartbeat(receivedAt)];
    const result = fieldsOf(json, 'Result');
    const media = fieldsOf(json, 'Media');
    const type = neededText(result, 'Type', 'Result.');
    const label = textOf(result, 'Description') || textOf(json, 'Summary');
    const bytes = base64Of(json, 'ImageData');
    const box = result.RelativeBox;
    const at =
      json.TimeStamp === undefined
        ? writtenTime(json.Time, timeZone, 'Time')
        : epochTime(json.TimeStamp, 'TimeStamp');
    return [
      {
        eventId: textOf(json, 'AlarmId') || textOf(json, 'UniqueId') || undefined,
        channel: textOf(json, 'GBTaskChnId') || textOf(media, 'MediaName') || textOf(json, 'TaskSession'),
        at,
        type,
        label,
        kind: kindOfWords(type, label),
        state: 'pulse',
        boxes:
          Array.isArray(box) && box.length > 0
            ? [{ unit: 'share', corners: cornersOf(fourNumbers(box, 'Result.RelativeBox')) }]
            : [],
        picture: bytes && { bytes },
        unknownFields: unknownPaths(json, KNOWN),
      },
    ];
  },
};

function heartbeat(at: Date): EdgeReading {
  const nothing = {
    eventId: undefined,
    channel: '',
    label: '',
    kind: undefined,
    boxes: [],
    picture: undefined,
  };
  return { ...nothing, at, type: 'Keepalive', state: 'heartbeat', unknownFields: [] };
}

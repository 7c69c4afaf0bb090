import {
  cornersOf,
  type Fields,
  fieldsOf,
  fourNumbers,
  isFields,
  listOf,
  neededText,
  textOf,
  unknownPaths,
} from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter, type EdgeBox, type EdgeState } from '../reading.ts';
import { writtenTime } from '../times.ts';

const ROOT = 'EventNotificationAlert';
const KNOWN = [
  'ipAddress',
  'ipv6Address',
  'portNo',
  'protocol',
  'macAddress',
  'channelID',
  'dynChannelID',
  'channelName',
]
  .concat([
    'dateTime',
    'activePostCount',
    'eventType',
    'eventState',
    'eventDescription',
    'uuid',
    'deviceID',
    'isDataRetransmission',
  ])
  .concat([
    'DetectionRegionList.*',
    'detectionPicTransType',
    'detectionPicturesNumber',
    'bkgUrl',
    'inputIOPortID',
  ]);

/** Regions are given in 0..1 or, by older firmware, in thousandths of the picture. */
const THOUSANDTHS = 1000;

/**
 * Hikvision ISAPI `EventNotificationAlert` (XML; JSON of the same fields from newer devices). An event repeats while it is active
 * (`activePostCount`), ends with `inactive`; a heartbeat is `videoloss` and `inactive`, or `heartBeat` (Device Network SDK guide,
 * "XML_EventNotificationAlert_HeartbeatInfo"). Pictures come as further parts of a multipart body.
 */
export const hikvision: EdgeAdapter = {
  format: 'hikvision',
  recognises: (payload) => alertOf(payload) !== undefined,
  read(payload, { timeZone }) {
    const alert = alertOf(payload);
    if (alert === undefined) throw new BadEdgeEvent(ROOT, 'is missing');
    const type = neededText(alert, 'eventType', `${ROOT}.`);
    const label = textOf(alert, 'eventDescription');
    const bytes = payload.parts[0];
    const url = textOf(alert, 'bkgUrl');
    return [
      {
        eventId: textOf(alert, 'uuid') || undefined,
        channel: textOf(alert, 'channelID') || textOf(alert, 'dynChannelID'),
        at: writtenTime(alert.dateTime, timeZone, `${ROOT}.dateTime`),
        type,
        label,
        kind: kindOfWords(type, label),
        state: stateOf(type, textOf(alert, 'eventState')),
        boxes: boxesOf(alert),
        picture: bytes ? { bytes } : /^https?:/i.test(url) ? { url } : undefined,
        unknownFields: unknownPaths(alert, KNOWN),
      },
    ];
  },
};

function alertOf({ xml, json }: { xml: Fields | undefined; json: unknown }): Fields | undefined {
  if (xml !== undefined && isFields(xml[ROOT])) return xml[ROOT];
  if (!isFields(json)) return undefined;
  if (isFields(json[ROOT])) return json[ROOT];
  return 'eventType' in json && 'activePostCount' in json ? json : undefined;
}

function stateOf(type: string, said: string): EdgeState {
  if (/^heartbeat$/i.test(type) || (/^videoloss$/i.test(type) && said === 'inactive')) return 'heartbeat';
  if (said === 'inactive') return 'inactive';
  return said === 'active' ? 'active' : 'pulse';
}

function boxesOf(alert: Fields): EdgeBox[] {
  const regions = listOf(fieldsOf(alert, 'DetectionRegionList'), 'DetectionRegionEntry');
  return regions.flatMap((region, i): EdgeBox[] => {
    const rect = fieldsOf(region, 'TargetRect');
    if (Object.keys(rect).length === 0) return [];
    const where = `DetectionRegionList.DetectionRegionEntry[${i}].TargetRect`;
    const sides = fourNumbers([rect.X ?? rect.x, rect.Y ?? rect.y, rect.width, rect.height], where);
    const scale = sides.some((side) => side > 1) ? THOUSANDTHS : 1;
    const [x1, y1, x2, y2] = cornersOf(sides);
    return [{ unit: 'share', corners: [x1 / scale, y1 / scale, x2 / scale, y2 / scale] }];
  });
}

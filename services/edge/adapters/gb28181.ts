import { type Fields, fieldsOf, isFields, neededText, textOf, unknownPaths } from '../fields.ts';
import { type EdgeKind, kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter } from '../reading.ts';
import { writtenTime } from '../times.ts';

const KNOWN = [
  'CmdType',
  'SN',
  'DeviceID',
  'AlarmPriority',
  'AlarmMethod',
  'AlarmTime',
  'AlarmDescription',
  'Longitude',
  'Latitude',
].concat(['AlarmType', 'Info.AlarmType', 'Info.AlarmTypeParam.*']);

/** AlarmMethod/AlarmType that say something of a camera (GB/T 28181-2016, A.2.5 alarm notification). */
const TYPES: Readonly<Record<string, EdgeKind>> = {
  '2/1': 'offline', // 视频丢失
  '2/2': 'covered', // 设备防拆
  '5/2': 'ignored', // 运动目标检测
  '5/6': 'intruder', // 入侵检测
};

/**
 * GB/T 28181 alarm notification (MANSCDP XML, `CmdType` Alarm), handed on by an adapter at the edge that speaks SIP. The standard
 * knows no kitchen kinds; makers put them into `AlarmDescription`.
 */
export const gb28181: EdgeAdapter = {
  format: 'gb28181',
  recognises: ({ xml }) => notifyOf(xml) !== undefined,
  read({ xml }, { timeZone, receivedAt }) {
    const notify = notifyOf(xml);
    if (notify === undefined) throw new BadEdgeEvent('Notify', 'is missing');
    const keepalive = textOf(notify, 'CmdType') === 'Keepalive';
    const method = keepalive ? '' : neededText(notify, 'AlarmMethod');
    const kindNumber = textOf(notify, 'AlarmType') || textOf(fieldsOf(notify, 'Info'), 'AlarmType');
    const label = textOf(notify, 'AlarmDescription');
    const type = keepalive ? 'Keepalive' : [method, kindNumber].filter(Boolean).join('/');
    const channel = neededText(notify, 'DeviceID');
    const sn = textOf(notify, 'SN');
    return [
      {
        // SN counts from the start of the device: only with the time it names one event.
        eventId: sn === '' || keepalive ? undefined : `${channel}/${sn}/${textOf(notify, 'AlarmTime')}`,
        channel,
        at: keepalive ? receivedAt : writtenTime(notify.AlarmTime, timeZone, 'AlarmTime'),
        type,
        label,
        kind: kindOfWords(label) ?? TYPES[type],
        state: keepalive ? 'heartbeat' : 'pulse',
        boxes: [],
        picture: undefined,
        unknownFields: unknownPaths(notify, KNOWN),
      },
    ];
  },
};

function notifyOf(xml: Fields | undefined): Fields | undefined {
  const notify = xml?.Notify;
  if (!isFields(notify)) return undefined;
  return ['Alarm', 'Keepalive'].includes(textOf(notify, 'CmdType')) ? notify : undefined;
}

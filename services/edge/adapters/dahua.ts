import { type Fields, fourNumbers, isFields, listOf, textOf, unknownPaths } from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import {
  BadEdgeEvent,
  type EdgeAdapter,
  type EdgeBox,
  type EdgeReading,
  type EdgeState,
} from '../reading.ts';
import { epochTime } from '../times.ts';

const LINE = /^Code=([^;\s]+);action=(Start|Stop|Pulse|State|Heartbeat)(?:;index=(\d+))?(?:;data=(.*))?$/is;
const KNOWN = [
  'UTC',
  'LocaleTime',
  'Name',
  'Class',
  'GroupID',
  'CountInGroup',
  'IndexInGroup',
  'EventSeq',
  'RuleId',
].concat(['RealUTC', 'Id', 'RegionName', 'SmartMotionEnable', 'Object.*', 'Objects.*']);
/** Dahua gives boxes on a grid of this many units whatever the resolution (HTTP API, "BoundingBox"). */
const GRID = 8192;

/**
 * Dahua `eventManager.cgi?action=attach`: `Code=VideoBlind;action=Start;index=0`, further fields as JSON in `data`. One part of
 * the stream, or several, each beginning with `Code=`.
 */
export const dahua: EdgeAdapter = {
  format: 'dahua',
  recognises: ({ text }) => /^\s*(Heartbeat\s*$|(--\S+[\s\S]*?)?Code=\w+;action=)/i.test(text),
  read({ text, parts }, { receivedAt }) {
    if (/^\s*Heartbeat\s*$/i.test(text)) return [heartbeat(receivedAt)];
    const lines = text.split(/(?=^Code=)/m).filter((line) => line.startsWith('Code='));
    if (lines.length === 0) throw new BadEdgeEvent('Code', 'is missing');
    return lines.map((line) => readLine(line.replace(/\r?\n--[\s\S]*$/, '').trim(), receivedAt, parts[0]));
  },
};

function readLine(line: string, receivedAt: Date, picture: Buffer | undefined): EdgeReading {
  const match = LINE.exec(line);
  if (match === null) throw new BadEdgeEvent('Code', `is not right in ${JSON.stringify(line.slice(0, 80))}`);
  const [, type = '', action = '', index = '0', json] = match;
  const data = parse(json);
  const known = textOf(data, 'EventSeq') || textOf(data, 'Id');
  const at = data.UTC === undefined ? receivedAt : epochTime(data.UTC, 'data.UTC');
  const objects = [...listOf(data, 'Object'), ...listOf(data, 'Objects')];
  return {
    eventId: known === '' ? undefined : `${type}/${index}/${action}/${known}/${at.getTime()}`,
    channel: index,
    at,
    type,
    label: textOf(data, 'Name'),
    kind: kindOfWords(type, textOf(data, 'Name')),
    state: STATES[action.toLowerCase()] ?? 'pulse',
    boxes: objects.flatMap((one): EdgeBox[] => {
      if (!Array.isArray(one.BoundingBox)) return [];
      const [x1, y1, x2, y2] = fourNumbers(one.BoundingBox, 'data.Object.BoundingBox');
      return [{ unit: 'share', corners: [x1 / GRID, y1 / GRID, x2 / GRID, y2 / GRID] }];
    }),
    picture: picture && { bytes: picture },
    unknownFields: unknownPaths(data, KNOWN),
  };
}

const STATES: Readonly<Record<string, EdgeState>> = {
  start: 'active',
  stop: 'inactive',
  pulse: 'pulse',
  state: 'active',
  heartbeat: 'heartbeat',
};

function parse(json: string | undefined): Fields {
  if (json === undefined || json.trim() === '') return {};
  try {
    const data: unknown = JSON.parse(json);
    if (isFields(data)) return data;
  } catch {
    // said below
  }
  throw new BadEdgeEvent('data', 'should be a JSON object');
}

function heartbeat(at: Date): EdgeReading {
  const nothing = {
    eventId: undefined,
    channel: '',
    label: '',
    kind: undefined,
    boxes: [],
    picture: undefined,
  };
  return { ...nothing, at, type: 'Heartbeat', state: 'heartbeat', unknownFields: [] };
}

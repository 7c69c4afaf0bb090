import { base64Of, isFields, neededText, textOf, unknownPaths } from '../fields.ts';
import { kindOfWords } from '../kinds.ts';
import { BadEdgeEvent, type EdgeAdapter } from '../reading.ts';
import { epochTime, writtenTime } from '../times.ts';

const KNOWN = [
  'fsocialcreditcode',
  'type',
  'typeName',
  'thumbnailBase64',
  'fimgpath',
  'mp4Path',
  'nvrsn',
  'channelId',
].concat(['channelName', 'createTime', 'id']);

/**
 * Trustivs 千里眼 (canteens), `sendAIRecordByCompany`: a JSON array of records; `createTime` local time or milliseconds, the picture
 * by address with a thumbnail inline. No boxes.
 */
export const trustivs: EdgeAdapter = {
  format: 'trustivs',
  recognises: ({ json }) =>
    isFields(recordsOf(json)[0]) && 'fsocialcreditcode' in (recordsOf(json)[0] as object),
  read({ json }, { timeZone }) {
    return recordsOf(json).map((record, i) => {
      if (!isFields(record)) throw new BadEdgeEvent(`[${i}]`, 'should be an object');
      const type = neededText(record, 'type', `[${i}].`);
      const url = textOf(record, 'fimgpath');
      const bytes = base64Of(record, 'thumbnailBase64');
      const { createTime } = record;
      const at =
        typeof createTime === 'number' || /^\d{10,16}$/.test(String(createTime))
          ? epochTime(createTime, `[${i}].createTime`)
          : writtenTime(createTime, timeZone, `[${i}].createTime`);
      return {
        eventId: textOf(record, 'id') || undefined,
        channel: [neededText(record, 'nvrsn', `[${i}].`), textOf(record, 'channelId')]
          .filter(Boolean)
          .join('/'),
        at,
        type,
        label: textOf(record, 'typeName'),
        kind: kindOfWords(type, textOf(record, 'typeName')),
        state: 'pulse',
        boxes: [],
        // The full picture where there is an address; a thumbnail is better than nothing.
        picture: /^https?:/i.test(url) ? { url } : bytes && { bytes },
        unknownFields: unknownPaths(record, KNOWN),
      };
    });
  },
};

function recordsOf(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  return isFields(json) && 'fsocialcreditcode' in json ? [json] : [];
}

/** Rows as GeoReport v2 says them (wiki.open311.org/GeoReport_v2), JSON and XML from one shape. */
import type { OpenRequestRow, OpenService } from '../../db/open-requests.ts';
import type { TaskState } from '../../domain/words.ts';

export type Fields = Readonly<Record<string, string | number | boolean | null>>;

export function serviceFields({ code, name }: OpenService): Fields {
  return {
    service_code: code,
    service_name: name,
    description: name,
    metadata: false,
    type: 'realtime',
    keywords: '食品安全,明厨亮灶',
    group: '后厨规范',
  };
}

const NOTES: Record<TaskState, string> = {
  issued: '整改中',
  acknowledged: '整改中',
  submitted: '已提交整改，待核查',
  returned: '退回重新整改',
  escalated: '逾期督办',
  appealed: '',
  transferred: '',
  withdrawn: '',
  closed: '已办结',
  recheck_due: '已办结，回头看中',
  recheck_passed: '已办结，回头看通过',
  recurred: '已办结，后再次发生',
};

/** No person, no picture, no coordinates: what, where by name, and how it stands. */
export function requestFields(row: OpenRequestRow): Fields {
  return {
    service_request_id: row.number,
    status: row.closedAt === null ? 'open' : 'closed',
    status_notes: NOTES[row.state],
    service_name: row.kindName,
    service_code: row.kind,
    description: `${row.zoneName}：${row.kindName}`,
    agency_responsible: row.agency,
    service_notice: null,
    requested_datetime: row.issuedAt.toISOString(),
    updated_datetime: row.updatedAt.toISOString(),
    expected_datetime: row.submitDue.toISOString(),
    address: row.merchantName === null ? row.regionName : `${row.regionName} ${row.merchantName}`,
    address_id: null,
    zipcode: null,
    lat: null,
    long: null,
    media_url: null,
  };
}

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPED[letter] ?? letter);

/** @param names of the whole and of one item, e.g. service_requests and request */
export function toXml([whole, one]: readonly [string, string], items: readonly Fields[]): string {
  const parts = items.map((item) => {
    const fields = Object.entries(item).map(([name, value]) =>
      value === null ? `<${name}/>` : `<${name}>${escaped(String(value))}</${name}>`,
    );
    return `<${one}>${fields.join('')}</${one}>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<${whole}>${parts.join('')}</${whole}>\n`;
}

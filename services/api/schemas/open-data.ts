/** What a region lets anybody read. */
import { Type } from 'typebox';
import { Closed, KindCode, Nullable, Time } from './common.ts';

const settings = {
  enabled: Type.Boolean(),
  /** Kinds of findings; empty: every kind. */
  kinds: Type.Array(KindCode, { maxItems: 100, uniqueItems: true }),
  /** Tasks that are still open, too; otherwise only confirmed facts whose task was closed. */
  openTasks: Type.Boolean(),
  merchantNames: Type.Boolean(),
  /** Days after closure until a task is shown. */
  delayDays: Type.Integer({ minimum: 0, maximum: 3650 }),
};
export const OpenData = Type.Object(
  { jurisdictionId: Nullable(Type.String()), ...settings, changedAt: Nullable(Time) },
  { title: 'OpenData' },
);
export const OpenDataChange = Type.Object(
  {
    jurisdictionId: Type.String({
      pattern: '^[a-z0-9][a-z0-9.-]{0,99}$',
      right: 'a name like huojia.example.gov: lower-case letters, digits, dots and dashes',
    }),
    ...settings,
  },
  { ...Closed, title: 'OpenDataChange' },
);

const Text = Type.Optional(Type.String({ maxLength: 4000 }));
export const GeoReportQuery = Type.Object({
  jurisdiction_id: Text,
  service_request_id: Text,
  service_code: Text,
  status: Text,
  start_date: Text,
  end_date: Text,
  page: Text,
  page_size: Text,
});
export const GeoReportItems = Type.Array(
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
);
export const GeoReportErrors = Type.Array(Type.Object({ code: Type.Integer(), description: Type.String() }), {
  title: 'GeoReportErrors',
});

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Moment } from '../../ui/Times.tsx';
import { shortTime } from '../../ui/time.ts';
import { usePart } from '../../ui/use-part.ts';
import type { AuditChange, AuditRow } from './audit-types.ts';
import { differences, doneText, entityText, thingName } from './audit-words.ts';

/** Pages that show a thing by its id. */
const PAGES: Record<string, string> = {
  task: '/tasks',
  finding: '/findings',
  camera: '/cameras',
  account: '/accounts',
};

/** Changes shown at once. */
const LINES = 60;

/** Who did what to which thing, when and why; and each field before and after. */
export function AuditEntry({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  const [first] = row.changes;
  const page = PAGES[row.entity];
  const name = row.name ?? (first === undefined ? row.entityId.slice(0, 8) : thingName(first));
  return (
    <li className="sheet audit-entry">
      <p className="audit-head">
        <span className="audit-when">
          <Moment at={row.at} />
        </span>
        <b>{row.by?.username ?? t('audit.system')}</b>
        <span className="tag tag-accent">{doneText(t, row)}</span>
        <span>
          {entityText(t, row.entity)}{' '}
          {page === undefined ? name : <Link to={`${page}/${row.entityId}`}>{name}</Link>}
        </span>
        <span className="audit-quiet">#{row.id}</span>
      </p>
      {(row.reason !== '' || row.note !== '' || row.region !== null) && (
        <p className="audit-quiet">
          {[row.reason, row.note, row.region ?? ''].filter((text) => text !== '').join(' · ')}
        </p>
      )}
      {row.changes.map((change) => (
        <Changed
          key={`${change.entity} ${change.entityId}`}
          change={change}
          alone={row.changes.length === 1}
        />
      ))}
      {row.changeCount > row.changes.length && (
        <p className="audit-quiet">{t('audit.more', { count: row.changeCount - row.changes.length })}</p>
      )}
    </li>
  );
}

function Changed({ change, alone }: { change: AuditChange; alone: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const lines = differences(change);
  const part = usePart(lines, LINES);
  const said = (value: string | undefined): string =>
    value === undefined ? t('audit.nothing') : valueText(t, value, (at) => shortTime(at, language));
  const title = alone ? undefined : `${entityText(t, change.entity)} ${thingName(change)}`;
  return (
    <details className="audit-change" open={change.before !== null && change.after !== null && alone}>
      <summary>
        {title !== undefined && `${title} · `}
        {change.before === null
          ? t('audit.made')
          : change.after === null
            ? t('audit.removed')
            : t('audit.fields', { count: lines.length })}
      </summary>
      <dl>
        {part.items.map(({ path, before, after }) => (
          <div key={path}>
            <dt>{fieldText(t, path)}</dt>
            <dd>
              {change.before !== null && <del>{said(before)}</del>}
              {change.before !== null && change.after !== null && <span aria-hidden> → </span>}
              {change.after !== null && <ins>{said(after)}</ins>}
            </dd>
          </div>
        ))}
      </dl>
      <More list={part.list} />
    </details>
  );
}

/** `document.limits.1.submitMin` → the words of each step that is known. */
function fieldText(t: TFunction, path: string): string {
  return path
    .split('.')
    .map((step) => t(`audit.field.${step}` as 'audit.field.name', { defaultValue: step }))
    .join(' › ');
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function valueText(t: TFunction, value: string, time: (at: string) => string): string {
  if (value === 'true' || value === 'false') return t(`audit.${value}`);
  return TIME.test(value) ? time(value) : value;
}

import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { NamedKind } from './use-finding-kinds.ts';
import './report.css';

interface ReportFieldsProps {
  kinds: readonly NamedKind[];
  kind: string;
  text: string;
  /** The text is empty, and sending was tried. */
  missing: boolean;
  onKind: (kind: string) => void;
  onText: (text: string) => void;
}

/** What was seen by a person: its kind and the words for it. Ctrl or ⌘ with Enter sends the form around it. */
export function ReportFields({ kinds, kind, text, missing, onKind, onText }: ReportFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <label htmlFor={`${id}-kind`}>{t('deskReport.kind')}</label>
      <select
        id={`${id}-kind`}
        className="report-kind"
        value={kind}
        onChange={(event) => onKind(event.target.value)}
      >
        {kinds.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-text`}>{t('deskReport.text')}</label>
      <Input.TextArea
        id={`${id}-text`}
        autoFocus
        value={text}
        maxLength={2000}
        autoSize={{ minRows: 3, maxRows: 8 }}
        status={missing ? 'error' : ''}
        aria-invalid={missing}
        aria-describedby={missing ? `${id}-missing` : undefined}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
        }}
      />
      {missing && (
        <p id={`${id}-missing`} className="bad" role="alert">
          {t('deskReport.needText')}
        </p>
      )}
    </>
  );
}

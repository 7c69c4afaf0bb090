import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChecklistItem, CheckResult, Proposal } from '../../api/ledger-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Link } from '../../ui/Link.tsx';
import type { Answering } from './starting-answers.ts';

const RESULTS: readonly CheckResult[] = ['ok', 'problem', 'none'];

interface SheetItemProps {
  item: ChecklistItem;
  proposal: Proposal | undefined;
  answer: Answering;
  /** What is missing is pointed out. */
  asked: boolean;
  onChange: (part: Partial<{ result: CheckResult; note: string }>) => void;
}

export function SheetItem({ item, proposal, answer, asked, onChange }: SheetItemProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const id = useId();
  const text = language === 'en' ? item.textEn : item.text;
  const missing =
    asked && (answer.result === null || (answer.result === 'problem' && answer.note.trim() === ''));
  return (
    <fieldset className={missing ? 'item item-missing' : 'item'}>
      <legend>
        {text} {missing && <b className="bad">· {t('ledger.missing')}</b>}
      </legend>
      {proposal !== undefined && <Hint proposal={proposal} />}
      <div className="item-results">
        {RESULTS.map((result) => (
          <label key={result} className={`item-result item-${result}`}>
            <input
              type="radio"
              name={id}
              checked={answer.result === result}
              onChange={() => onChange({ result })}
            />
            <span>{t(`ledger.result.${result}`)}</span>
          </label>
        ))}
      </div>
      {answer.result === 'problem' && (
        <>
          <label htmlFor={`${id}-note`}>{t('ledger.note')}</label>
          <Input.TextArea
            id={`${id}-note`}
            value={answer.note}
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 5 }}
            status={missing ? 'error' : ''}
            onChange={(event) => onChange({ note: event.target.value })}
          />
        </>
      )}
    </fieldset>
  );
}

/** What the cameras say, apart from what a person says. */
function Hint({ proposal }: { proposal: Proposal }) {
  const { t } = useTranslation();
  if (proposal.result === 'ok') {
    const hours = Math.floor(proposal.observedMinutes / 60);
    return (
      <p className="item-hint">{t('ledger.sawNothing', { hours, minutes: proposal.observedMinutes % 60 })}</p>
    );
  }
  return (
    <p className="item-hint item-hint-bad">
      {t('ledger.sawProblem', { count: proposal.tasks.length + proposal.faults.length })}{' '}
      {proposal.tasks.map((task) => (
        <Link key={task.id} to={`/tasks/${task.id}`}>
          {task.number}
        </Link>
      ))}
    </p>
  );
}

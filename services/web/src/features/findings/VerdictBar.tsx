import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingDetail } from '../../api/finding-types.ts';
import { DISMISS_REASONS, type DismissReason } from '../../api/types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { FindingTag } from './FindingTag.tsx';
import { mayJudge } from './judges.ts';
import { useDeskKeys } from './use-desk-keys.ts';

export interface Judgement {
  verdict: 'confirm' | 'dismiss';
  reason?: DismissReason;
  note: string;
  /** Of a confirmation; absent: as the rule says. */
  class?: Grade;
}

type Grade = 1 | 2 | 3;
const GRADES: readonly Grade[] = [1, 2, 3];

interface VerdictBarProps {
  finding: FindingDetail;
  /** The picture is there: nobody judges unseen. */
  ready: boolean;
  /** Siblings that are judged with it. */
  together: number;
  onJudge: (judgement: Judgement) => void;
}

/** Confirm, or dismiss with a reason: two keys, or two presses. Mounted anew for each finding. */
export function VerdictBar({ finding, ready, together, onJudge }: VerdictBarProps) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [choosing, setChoosing] = useState(false);
  const [note, setNote] = useState('');
  const [grade, setGrade] = useState<Grade>();
  const [wantsNote, setWantsNote] = useState<'other' | 'grade'>();
  const noteField = useRef<InputRef>(null);
  const firstReason = useRef<HTMLButtonElement>(null);
  const open = finding.state === 'pending_review' && mayJudge(account.role);
  const can = open && ready;

  useEffect(() => {
    if (choosing) firstReason.current?.focus();
  }, [choosing]);

  const confirm = (): void => {
    if (!can) return;
    // Graver is the inspector's word alone; milder has to say why.
    if (grade !== undefined && grade > finding.class && note.trim() === '') {
      setWantsNote('grade');
      noteField.current?.focus();
      return;
    }
    onJudge({ verdict: 'confirm', note: note.trim(), ...(grade === undefined ? {} : { class: grade }) });
  };
  const dismiss = (reason: DismissReason): void => {
    if (!can) return;
    if (reason === 'other' && note.trim() === '') {
      setWantsNote('other');
      noteField.current?.focus();
      return;
    }
    onJudge({ verdict: 'dismiss', reason, note: note.trim() });
  };
  const stop = (): void => {
    setChoosing(false);
    setWantsNote(undefined);
  };

  const give = (to: Grade): void =>
    setGrade((before) => (before === to || to === finding.class ? undefined : to));
  const gradeKeys = Object.fromEntries(GRADES.map((one) => [String(one), () => give(one)]));
  const reasonKeys = Object.fromEntries(
    DISMISS_REASONS.map((reason, i) => [String(i + 1), () => dismiss(reason)]),
  );
  useDeskKeys(
    !can
      ? {}
      : choosing
        ? { ...reasonKeys, escape: stop, n: stop }
        : {
            ...gradeKeys,
            y: confirm,
            enter: confirm,
            n: () => setChoosing(true),
            t: () => noteField.current?.focus(),
          },
  );

  if (finding.state !== 'pending_review' || !open) {
    return (
      <fieldset className="verdict verdict-done" aria-label={t('judge.label')}>
        <FindingTag state={finding.state} />
        {finding.state === 'pending_review' && <span>{t('judge.forbidden')}</span>}
      </fieldset>
    );
  }

  return (
    <fieldset className={choosing ? 'verdict verdict-choosing' : 'verdict'} aria-label={t('judge.label')}>
      {choosing && (
        <fieldset className="reasons" aria-label={t('judge.chooseReason')}>
          <p className="reasons-title">{t('judge.chooseReason')}</p>
          {DISMISS_REASONS.map((reason, i) => (
            <button
              key={reason}
              type="button"
              className="reason"
              ref={i === 0 ? firstReason : undefined}
              onClick={() => dismiss(reason)}
            >
              <kbd>{i + 1}</kbd> {t(`reason.${reason}`)}
            </button>
          ))}
        </fieldset>
      )}
      <div className="verdict-row">
        <Input
          ref={noteField}
          className="verdict-note"
          value={note}
          maxLength={500}
          status={wantsNote !== undefined && note.trim() === '' ? 'error' : ''}
          placeholder={t(wantsNote ? 'judge.noteRequired' : 'judge.note')}
          aria-label={t(wantsNote ? 'judge.noteRequired' : 'judge.note')}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          onPressEnter={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (wantsNote === 'other') dismiss('other');
            else if (wantsNote === 'grade') confirm();
            else event.currentTarget.blur();
          }}
        />
        <fieldset className="grades" aria-label={t('grade.label')}>
          {GRADES.map((one) => (
            <button
              key={one}
              type="button"
              className={`chip grade class-${one}`}
              aria-pressed={(grade ?? finding.class) === one}
              title={
                one === finding.class ? t('grade.asRule', { class: one }) : t('class.name', { class: one })
              }
              onClick={() => give(one)}
            >
              {t('class.name', { class: one })}
            </button>
          ))}
        </fieldset>
        <Button
          size="large"
          className="verdict-dismiss"
          icon={<CloseOutlined />}
          disabled={!ready}
          aria-expanded={choosing}
          onClick={() => (choosing ? stop() : setChoosing(true))}
        >
          {choosing
            ? t('judge.cancel')
            : together > 0
              ? t('around.dismissMany', { count: together + 1 })
              : t('judge.dismiss')}{' '}
          <kbd>N</kbd>
        </Button>
        <Button
          size="large"
          type="primary"
          danger
          className="verdict-confirm"
          icon={<CheckOutlined />}
          disabled={!ready}
          title={t(ready ? 'judge.confirmHint' : 'judge.waitPicture')}
          onClick={confirm}
        >
          {together > 0 ? t('around.confirmMany', { count: together + 1 }) : t('judge.confirm')} <kbd>Y</kbd>
        </Button>
      </div>
      {wantsNote !== undefined && note.trim() === '' && (
        <p className="bad" role="alert">
          {t(wantsNote === 'grade' ? 'grade.needNote' : 'judge.needNote')}
        </p>
      )}
    </fieldset>
  );
}

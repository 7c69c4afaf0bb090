import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DISMISS_REASONS, type DismissReason, type FindingDetail } from '../../api/types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { FindingTag } from './FindingTag.tsx';
import { useDeskKeys } from './use-desk-keys.ts';

export interface Judgement {
  verdict: 'confirm' | 'dismiss';
  reason?: DismissReason;
  note: string;
}

interface VerdictBarProps {
  finding: FindingDetail;
  /** The picture is there: nobody judges unseen. */
  ready: boolean;
  onJudge: (judgement: Judgement) => void;
}

const JUDGES = new Set(['operator', 'inspector', 'station_head']);

/** Confirm, or dismiss with a reason: two keys, or two presses. Mounted anew for each finding. */
export function VerdictBar({ finding, ready, onJudge }: VerdictBarProps) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [choosing, setChoosing] = useState(false);
  const [note, setNote] = useState('');
  const [wantsNote, setWantsNote] = useState(false);
  const noteField = useRef<InputRef>(null);
  const firstReason = useRef<HTMLButtonElement>(null);
  const open = finding.state === 'pending_review' && JUDGES.has(account.role);
  const can = open && ready;

  useEffect(() => {
    if (choosing) firstReason.current?.focus();
  }, [choosing]);

  const confirm = (): void => {
    if (can) onJudge({ verdict: 'confirm', note: note.trim() });
  };
  const dismiss = (reason: DismissReason): void => {
    if (!can) return;
    if (reason === 'other' && note.trim() === '') {
      setWantsNote(true);
      noteField.current?.focus();
      return;
    }
    onJudge({ verdict: 'dismiss', reason, note: note.trim() });
  };
  const stop = (): void => {
    setChoosing(false);
    setWantsNote(false);
  };

  const reasonKeys = Object.fromEntries(
    DISMISS_REASONS.map((reason, i) => [String(i + 1), () => dismiss(reason)]),
  );
  useDeskKeys(
    !can
      ? {}
      : choosing
        ? { ...reasonKeys, escape: stop, n: stop }
        : { y: confirm, enter: confirm, n: () => setChoosing(true) },
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
          status={wantsNote && note.trim() === '' ? 'error' : ''}
          placeholder={t(wantsNote ? 'judge.noteRequired' : 'judge.note')}
          aria-label={t(wantsNote ? 'judge.noteRequired' : 'judge.note')}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          onPressEnter={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (wantsNote) dismiss('other');
            else event.currentTarget.blur();
          }}
        />
        <Button
          size="large"
          className="verdict-dismiss"
          icon={<CloseOutlined />}
          disabled={!ready}
          aria-expanded={choosing}
          onClick={() => (choosing ? stop() : setChoosing(true))}
        >
          {t(choosing ? 'judge.cancel' : 'judge.dismiss')} <kbd>N</kbd>
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
          {t('judge.confirm')} <kbd>Y</kbd>
        </Button>
      </div>
      {wantsNote && note.trim() === '' && (
        <p className="bad" role="alert">
          {t('judge.needNote')}
        </p>
      )}
    </fieldset>
  );
}

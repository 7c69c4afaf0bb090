import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWhy } from '../ui/Failure.tsx';
import { percent } from '../ui/score.ts';
import { useLine } from '../ui/use-line.ts';
import { flush, giveUp, tryAgain } from './outbox.ts';
import { refusalText } from './refusal.ts';
import { CannotKeep, type Waiting } from './store.ts';
import { useOutbox } from './use-outbox.ts';

/** What this phone has not sent yet, and why: never hidden, never shown as sent. */
export function NotSent() {
  const { t } = useTranslation();
  const { waiting, unreached, broken } = useOutbox();
  const line = useLine();
  const cannotKeep = broken && (
    <p className="strip" role="alert">
      {t('merchant.cannotKeep')}
    </p>
  );
  if (waiting.length === 0) return cannotKeep;
  const sendable = waiting.some(({ refused }) => refused === null);
  return (
    <section className="not-sent" aria-label={t('merchant.notSent')}>
      <h2>{t('merchant.notSentCount', { count: waiting.length })}</h2>
      {cannotKeep || (
        <p role="status">
          {t(
            !sendable
              ? 'merchant.needYou'
              : !line
                ? 'merchant.noLine'
                : unreached
                  ? 'merchant.unreached'
                  : 'merchant.sendingNow',
          )}
        </p>
      )}
      <ul>
        {waiting.map((one) => (
          <NotSentLine key={one.key} one={one} />
        ))}
      </ul>
      {sendable && <Button onClick={() => void flush()}>{t('merchant.sendNow')}</Button>}
    </section>
  );
}

function NotSentLine({ one }: { one: Waiting }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { sending } = useOutbox();
  const [problem, setProblem] = useState('');
  const failed = (error: unknown): void =>
    setProblem(error instanceof CannotKeep ? t('merchant.cannotKeep') : why(error));
  const share = sending?.key === one.key ? sending.share : null;
  return (
    <li>
      <b>
        {t(`outgoing.${one.command}`)} · {one.number}
      </b>
      {one.photos.length > 0 && <span>{t('merchant.photos', { count: one.photos.length })}</span>}
      {share !== null && one.photos.length > 0 && (
        <progress value={share} max={1} aria-label={t('merchant.progress', { percent: percent(share) })} />
      )}
      {one.refused !== null && (
        <>
          <p className="bad" role="alert">
            {t('merchant.refused', { why: refusalText(t, one.refused) })}
          </p>
          <span className="not-sent-buttons">
            <Button onClick={() => void tryAgain(one).catch(failed)}>{t('merchant.again')}</Button>
            <Button danger onClick={() => void giveUp(one).catch(failed)}>
              {t('merchant.giveUp')}
            </Button>
          </span>
          {problem !== '' && (
            <p className="bad" role="alert">
              {problem}
            </p>
          )}
        </>
      )}
    </li>
  );
}

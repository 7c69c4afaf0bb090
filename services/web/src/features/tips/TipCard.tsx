import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { Link } from '../../ui/Link.tsx';
import { Age, Moment } from '../../ui/Times.tsx';
import { mayJudge } from '../findings/judges.ts';
import { TipForm } from './TipForm.tsx';
import type { Tip, TipState } from './types.ts';

const LOOKS: Record<TipState, string> = {
  new: 'tag tag-warn',
  taken: 'tag tag-accent',
  answered: 'tag tag-good',
  unfounded: 'tag',
};

/** One tip: what was seen, where and when, and what the desk said of it. */
export function TipCard({ tip }: { tip: Tip }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const code = encodeURIComponent(tip.merchant.code);
  const what = t(tip.state === 'new' ? 'tips.decide' : 'tips.decideAgain');
  const done = () => {
    setOpen(false);
    setSaved(true);
    button.current?.focus();
  };
  return (
    <li className="sheet tip">
      <p className="tip-head">
        <span className={LOOKS[tip.state]}>{t(`tips.state.${tip.state}`)}</span>
        <b>{tip.merchant.name}</b>
        <span className="tips-quiet tip-when">
          <Moment at={tip.givenAt} /> · <Age at={tip.givenAt} />
        </span>
      </p>
      <p className="tip-text">{tip.text}</p>
      {tip.contact !== '' && (
        <p className="tips-quiet">
          {t('tips.contact')} <span className="tip-contact">{tip.contact}</span>
        </p>
      )}
      <p className="tip-links">
        <Link to={`/registry/merchants/${code}`}>{t('tips.merchant')}</Link>
        <Link to={`/cameras?merchant=${code}`}>{t('nav.cameras')}</Link>
        {tip.findingId !== null && <Link to={`/findings/${tip.findingId}`}>{t('tips.finding')}</Link>}
      </p>
      {tip.decidedAt !== null && (
        <div className="tip-answer">
          {tip.answer !== '' && (
            <p>
              <span className="tips-quiet">{t('tips.answered')}</span> {tip.answer}
            </p>
          )}
          <p className="tips-quiet">
            {tip.decidedBy} · <Moment at={tip.decidedAt} />
          </p>
        </div>
      )}
      {mayJudge(account.role) && (
        <Button
          ref={button}
          size="small"
          aria-expanded={open}
          aria-label={t('tips.of', { what, merchant: tip.merchant.name })}
          onClick={() => setOpen(!open)}
        >
          {what}
        </Button>
      )}
      {open && <TipForm tip={tip} onDone={done} />}
      <p className="tip-saved" role="status">
        {saved && !open ? t('tips.saved') : ''}
      </p>
    </li>
  );
}

import { Button } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitOutcome } from '../../api/task-types.ts';
import { KeptPicture } from '../../offline/PhotoField.tsx';
import type { KeptPhoto } from '../../offline/store.ts';
import { useNow } from '../../ui/clock.ts';
import { Link } from '../../ui/Link.tsx';
import { WrittenEarlier } from './Earlier.tsx';
import type { VisitDraft } from './use-visit.ts';
import { type Draft, earlierOf, photosOf, type Said } from './visit-draft.ts';
import './visits.css';

interface LeftOverProps {
  visit: VisitDraft;
  left: Draft<KeptPhoto>;
}

/** What a draft says of things that are not on the sheet any more: never sent, never hidden. */
export function LeftOver({ visit, left }: LeftOverProps) {
  const { t } = useTranslation();
  const items = Object.entries(left.said);
  if (items.length === 0) return null;
  return (
    <section className="left-over" aria-label={t('field.left.title')}>
      <h2>{t('field.left.count', { count: items.length })}</h2>
      <p className="quiet">{t('field.left.hint')}</p>
      {items.map(([item, said]) => (
        <LeftThing
          key={item}
          item={item}
          said={said}
          left={left}
          onLeaveOut={() => visit.leaveOutItem(item)}
        />
      ))}
    </section>
  );
}

interface LeftThingProps {
  item: string;
  said: Said;
  left: Draft<KeptPhoto>;
  onLeaveOut: () => void;
}

function LeftThing({ item, said, left, onLeaveOut }: LeftThingProps) {
  const { t } = useTranslation();
  const id = useId();
  const earlier = earlierOf(left, item, useNow(60));
  const photos = photosOf(left, item);
  const [kind, itsId] = item.split(' ');
  const isTask = kind === 'task';
  return (
    <fieldset className="thing-seen" aria-labelledby={id}>
      <h3 id={id}>{said.title ?? t(isTask ? 'field.left.task' : 'field.left.finding')}</h3>
      {said.number !== undefined && <p className="quiet">{said.number}</p>}
      {earlier !== undefined && <WrittenEarlier since={earlier} />}
      {said.outcome !== '' && (
        <p>
          <span className="tag">{t(`field.outcome.${said.outcome as VisitOutcome}`)}</span>
        </p>
      )}
      {said.text !== '' && <p>{said.text}</p>}
      {photos.length > 0 && (
        <ul className="visit-photos">
          {photos.map((photo, i) => (
            <li key={photo.key}>
              <KeptPicture photo={photo} n={i + 1} />
            </li>
          ))}
        </ul>
      )}
      <span className="ways">
        {isTask && (
          <Link to={`/tasks/${itsId ?? ''}`} className="big-link">
            {t('field.whole')}
          </Link>
        )}
        <Button size="large" onClick={onLeaveOut}>
          {t('field.leaveOut')}
        </Button>
      </span>
    </fieldset>
  );
}

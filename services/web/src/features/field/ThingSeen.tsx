import { Button, Input, Radio } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitOutcome } from '../../api/task-types.ts';
import { PhotoField } from '../../offline/PhotoField.tsx';
import type { StatedPlace } from '../../offline/store.ts';
import { useNow } from '../../ui/clock.ts';
import { WrittenEarlier } from './Earlier.tsx';
import type { VisitDraft } from './use-visit.ts';
import { earlierOf, isOld, photosOf } from './visit-draft.ts';

interface ThingSeenProps {
  item: string;
  title: string;
  /** The task's. */
  number?: string;
  about: string;
  /** Empty: a new thing, which was found. */
  outcomes: readonly VisitOutcome[];
  visit: VisitDraft;
  place: StatedPlace | null;
  onLeaveOut?: () => void;
  children?: ReactNode;
}

/** One thing of a visit: what was seen of it, in words and photographs. */
export function ThingSeen({
  item,
  title,
  number,
  about,
  outcomes,
  visit,
  place,
  onLeaveOut,
  children,
}: ThingSeenProps) {
  const { t } = useTranslation();
  const id = useId();
  const isNew = outcomes.length === 0;
  const said = visit.said[item];
  const found = visit.found.find((one) => one.item === item);
  const now = useNow(60);
  const earlier = earlierOf(visit, item, now);
  const photos = photosOf(visit, item);
  const name = { title, ...(number !== undefined && { number }) };
  const line = [number, about].filter(Boolean).join(' · ');
  const open = isNew || (said !== undefined && said.outcome !== '');
  const text = isNew ? (found?.text ?? '') : (said?.text ?? '');
  return (
    <fieldset className="thing-seen" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {line !== '' && <p className="quiet">{line}</p>}
      {earlier !== undefined && <WrittenEarlier since={earlier} />}
      {!isNew && (
        <Radio.Group
          aria-labelledby={`${id}-title`}
          optionType="button"
          buttonStyle="solid"
          size="large"
          value={said?.outcome ?? ''}
          onChange={({ target }) => visit.say(item, { outcome: target.value as string, ...name })}
          options={[
            ...outcomes.map((one) => ({ value: one as string, label: t(`field.outcome.${one}`) })),
            { value: '', label: t('field.notSeenYet') },
          ]}
        />
      )}
      {children}
      {open && (
        <>
          <label htmlFor={id}>{t(isNew ? 'field.foundText' : 'field.text')}</label>
          <Input.TextArea
            id={id}
            value={text}
            maxLength={2000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={({ target }) =>
              isNew
                ? visit.changeFound(item, { text: target.value })
                : visit.say(item, { text: target.value, ...name })
            }
          />
          <PhotoField
            legend={t('field.photos')}
            cameraOnly
            photos={photos}
            add={(files) => visit.addPhotos(item, files, place)}
            leaveOut={visit.leaveOut}
            busy={visit.busy}
            unreadable={visit.unreadable === item}
          />
          {photos.some((photo) => isOld(photo, now)) && (
            <Button size="large" onClick={() => visit.leaveOutOld(item)}>
              {t('field.leaveOutOld')}
            </Button>
          )}
        </>
      )}
      {onLeaveOut !== undefined && <Button onClick={onLeaveOut}>{t('field.leaveOut')}</Button>}
    </fieldset>
  );
}

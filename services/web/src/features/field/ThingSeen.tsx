import { Button, Input, Radio } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitOutcome } from '../../api/task-types.ts';
import { PhotoField } from '../../offline/PhotoField.tsx';
import type { StatedPlace } from '../../offline/store.ts';
import type { VisitDraft } from './use-visit.ts';

interface ThingSeenProps {
  item: string;
  title: string;
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
  const open = isNew || (said !== undefined && said.outcome !== '');
  const text = isNew ? (found?.text ?? '') : (said?.text ?? '');
  return (
    <fieldset className="thing-seen" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {about !== '' && <p className="quiet">{about}</p>}
      {!isNew && (
        <Radio.Group
          aria-labelledby={`${id}-title`}
          optionType="button"
          buttonStyle="solid"
          size="large"
          value={said?.outcome ?? ''}
          onChange={({ target }) => visit.say(item, { outcome: target.value as string })}
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
                : visit.say(item, { text: target.value })
            }
          />
          <PhotoField
            legend={t('field.photos')}
            cameraOnly
            photos={visit.photos.filter(({ of }) => of === item)}
            add={(files) => visit.addPhotos(item, files, place)}
            leaveOut={visit.leaveOut}
            busy={visit.busy}
            unreadable={visit.unreadable === item}
          />
        </>
      )}
      {onLeaveOut !== undefined && <Button onClick={onLeaveOut}>{t('field.leaveOut')}</Button>}
    </fieldset>
  );
}

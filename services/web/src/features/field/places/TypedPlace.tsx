import { Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../ui/Field.tsx';
import { type Draft, readPlace } from './place.ts';

const SYSTEMS = ['gcj02', 'wgs84'] as const;

/** Two numbers, as a map site or a receiver shows them; which of the two decides half a kilometre. */
export function TypedPlace({ onTake }: { onTake: (draft: Draft | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [system, setSystem] = useState<(typeof SYSTEMS)[number]>('gcj02');
  const take = (typed: string, of: typeof system): void => {
    const point = readPlace(typed);
    onTake(point && { point, how: 'typed', system: of });
  };
  const wrong = text.trim() !== '' && readPlace(text) === undefined;
  return (
    <section aria-label={t('place.typed')}>
      <h2>{t('place.typed')}</h2>
      <Field
        id={id}
        label={t('place.degrees')}
        hint={t('place.degreesHint')}
        error={wrong ? t('place.degreesWrong') : undefined}
      >
        <Input
          id={id}
          inputMode="text"
          placeholder="35.26120, 113.65340"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            take(target.value, system);
          }}
        />
      </Field>
      <fieldset className="place-systems" aria-label={t('place.from')}>
        {SYSTEMS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={`${id}-system`}
              checked={one === system}
              onChange={() => {
                setSystem(one);
                if (text.trim() !== '') take(text, one);
              }}
            />{' '}
            {t(`place.systems.${one}`)}
          </label>
        ))}
      </fieldset>
    </section>
  );
}

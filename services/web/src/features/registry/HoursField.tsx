import { Button, Checkbox, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { type OpeningHours, WEEKDAYS, type Weekday } from '../../api/registry-types.ts';

/** What a day begins with when it is opened. */
const USUAL: [string, string] = ['08:00', '20:00'];
const MOST_SPANS = 8;

interface HoursFieldProps {
  /** null: always open. */
  value: OpeningHours | null;
  onChange: (hours: OpeningHours | null) => void;
}

/** Opening hours, a line a weekday. Looks count as violations only while a kitchen is open, rodents always. */
export function HoursField({ value, onChange }: HoursFieldProps) {
  const { t } = useTranslation();
  const set = (day: Weekday, spans: [string, string][]) => {
    const { [day]: _before, ...others } = value ?? {};
    onChange(spans.length === 0 ? others : { ...others, [day]: spans });
  };
  const monday = value?.mon ?? [];
  return (
    <fieldset className="registry-hours">
      <legend>{t('registry.hours')}</legend>
      <Checkbox
        checked={value === null}
        onChange={({ target }) =>
          onChange(
            target.checked ? null : Object.fromEntries(WEEKDAYS.map((day) => [day, [[...USUAL] as const]])),
          )
        }
      >
        {t('registry.alwaysOpen')}
      </Checkbox>
      {value !== null &&
        WEEKDAYS.map((day) => {
          const spans = value[day] ?? [];
          return (
            <fieldset key={day} className="registry-day" aria-label={t(`weekday.${day}`)}>
              <span>{t(`weekday.${day}`)}</span>
              <div>
                {spans.length === 0 && <span className="registry-quiet">{t('registry.closed')}</span>}
                {spans.map((span, index) => (
                  <span key={`${String(index)}-${spans.length}`} className="registry-span">
                    {([0, 1] as const).map((end) => (
                      <Input
                        key={end}
                        type="time"
                        required
                        aria-label={t(end === 0 ? 'registry.from' : 'registry.to')}
                        value={span[end]}
                        onChange={({ target }) =>
                          set(
                            day,
                            spans.map((one, i) =>
                              i !== index ? one : end === 0 ? [target.value, one[1]] : [one[0], target.value],
                            ),
                          )
                        }
                      />
                    ))}
                    {span[1] <= span[0] && <span className="registry-quiet">{t('registry.nextDay')}</span>}
                    <Button
                      type="text"
                      aria-label={t('registry.removeSpan', { from: span[0], to: span[1] })}
                      onClick={() =>
                        set(
                          day,
                          spans.filter((_, i) => i !== index),
                        )
                      }
                    >
                      ×
                    </Button>
                  </span>
                ))}
              </div>
              {spans.length < MOST_SPANS && (
                <Button size="small" onClick={() => set(day, [...spans, [...USUAL]])}>
                  {t('registry.addSpan')}
                </Button>
              )}
            </fieldset>
          );
        })}
      {value !== null && monday.length > 0 && (
        <Button
          size="small"
          onClick={() =>
            onChange(Object.fromEntries(WEEKDAYS.map((day) => [day, monday.map((s) => [...s])])))
          }
        >
          {t('registry.likeMonday')}
        </Button>
      )}
    </fieldset>
  );
}

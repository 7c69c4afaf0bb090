import { useTranslation } from 'react-i18next';
import { VIOLATION_KINDS } from '../../../api/types.ts';
import type { Calendar } from '../use-settings.ts';
import { CLASSES, DISPATCHABLE, type DispatchTerms, type Measured, WEEKDAYS } from './document.ts';
import { usePlace } from './draft.ts';
import { Inheritance } from './Inheritance.tsx';
import { ChoicePlace, DurationPlace, NumberPlace, TextPlace } from './Place.tsx';

/** Class of each kind: 1 is gravest. */
export function Classes() {
  const { t } = useTranslation();
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.classes')}</legend>
      <div className="fields">
        {VIOLATION_KINDS.map((kind) => (
          <ChoicePlace
            key={kind}
            path={`classes.${kind}`}
            label={t(`kind.${kind}`)}
            nullInherits
            options={[
              { value: null, label: t('settings.policy.byRule') },
              ...([1, 2, 3] as const).map((one) => ({ value: one, label: t('class.name', { class: one }) })),
            ]}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** 时限: frozen onto a task when it is issued. */
export function Limits() {
  const { t } = useTranslation();
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.limits')}</legend>
      <p className="policy-hint">{t('settings.policy.limitsHint')}</p>
      {CLASSES.map((one) => (
        <div key={one} className="policy-class">
          <h3>{t('class.name', { class: one })}</h3>
          <div className="fields">
            {(['acknowledgeMin', 'submitMin', 'reviewMin', 'recheckMin'] as const).map((limit) => (
              <DurationPlace
                key={limit}
                path={`limits.${one}.${limit}`}
                label={t(`settings.policy.limit.${limit}`)}
              />
            ))}
            <ChoicePlace
              path={`limits.${one}.counting`}
              label={t('settings.policy.counting')}
              options={(['calendar', 'working'] as const).map((value) => ({
                value,
                label: t(`settings.policy.countings.${value}`),
              }))}
            />
          </div>
        </div>
      ))}
    </fieldset>
  );
}

const spans = (value: unknown): string =>
  Array.isArray(value) ? (value as [string, string][]).map(([from, to]) => `${from}-${to}`).join(', ') : '';
const readSpans = (text: string): [string, string][] | null | undefined => {
  if (text.trim() === '') return null;
  const parts = text
    .split(/[,，、;；]/)
    .map((part) => /^\s*(\d\d:\d\d)\s*[-–~至]\s*(\d\d:\d\d)\s*$/.exec(part));
  return parts.every((part) => part !== null)
    ? parts.map((part) => [part[1] ?? '', part[2] ?? ''])
    : undefined;
};
const words = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : '');
const readWords = (text: string): string[] =>
  text
    .split(/[,，、\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Which days and hours count as working time. */
export function WorkingTime({ calendars }: { calendars: readonly Calendar[] }) {
  const { t } = useTranslation();
  const options = [
    { value: null, label: t('settings.policy.noCalendar') },
    ...calendars.map(({ code, name }) => ({ value: code, label: `${name} (${code})` })),
  ];
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.calendar')}</legend>
      <div className="fields">
        <ChoicePlace path="calendar.holidays" label={t('settings.policy.holidays')} options={options} />
        <ChoicePlace path="calendar.terms" label={t('settings.policy.terms')} options={options} />
        <TextPlace
          path="calendar.workingHours"
          label={t('settings.policy.workingHours')}
          show={spans}
          read={readSpans}
        />
        <TextPlace
          path="calendar.termTypes"
          label={t('settings.policy.termTypes')}
          show={words}
          read={readWords}
        />
      </div>
      <Weekend />
    </fieldset>
  );
}

/** Days off of every week; at least one working day stays. */
function Weekend() {
  const { t } = useTranslation();
  const { value, own, readOnly, set, clear, error } = usePlace<string[]>('calendar.weekend');
  return (
    <fieldset className={own ? 'policy-class policy-own' : 'policy-class'}>
      <legend className="policy-week">
        {t('settings.policy.weekend')} <Inheritance own={own} readOnly={readOnly} onClear={clear} />
      </legend>
      {WEEKDAYS.map((day) => (
        <label key={day} className="policy-day">
          <input
            type="checkbox"
            checked={value.includes(day)}
            disabled={readOnly || (value.length >= 6 && !value.includes(day))}
            onChange={(event) =>
              set(WEEKDAYS.filter((one) => (one === day ? event.target.checked : value.includes(one))))
            }
          />{' '}
          {t(`settings.policy.weekday.${day}`)}
        </label>
      ))}
      {error !== undefined && (
        <p className="bad" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** Answers, rechecks and samples. */
export function Afterwards() {
  const { t } = useTranslation();
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.afterwards')}</legend>
      <div className="fields">
        <NumberPlace path="answers.returnsBeforeVisit" label={t('settings.policy.returns')} min={1} max={9} />
        <DurationPlace path="answers.visitMin" label={t('settings.policy.visit')} />
        <NumberPlace
          path="recheck.lookIntervalS"
          label={t('settings.policy.lookInterval')}
          min={5}
          max={60}
        />
        {CLASSES.map((one) => (
          <NumberPlace
            key={one}
            path={`recheck.observedHours.${one}`}
            label={t('settings.policy.observed', { class: t('class.name', { class: one }) })}
            min={0}
            max={8760}
          />
        ))}
        <DurationPlace path="recheck.prolongMin" label={t('settings.policy.prolong')} />
        <NumberPlace
          path="recheck.mostProlongations"
          label={t('settings.policy.prolongations')}
          min={0}
          max={365}
        />
        <NumberPlace
          path="sampling.share"
          label={t('settings.policy.sampled')}
          min={10}
          max={100}
          scale={100}
        />
      </div>
    </fieldset>
  );
}

const STARTING_TERMS: DispatchTerms = { minPrecision: 0.95, minVerdicts: 200, days: 90, reviewShare: 0.1 };

/** 免人工下发: only what was measured well enough, and a share goes to people all the same. */
export function Dispatch({ measured }: { measured: readonly Measured[] }) {
  const { t } = useTranslation();
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.dispatch')}</legend>
      <p className="policy-hint">{t('settings.policy.dispatchHint')}</p>
      {DISPATCHABLE.map((kind) => (
        <OneKind key={kind} kind={kind} measured={measured.find((one) => one.kind === kind)} />
      ))}
    </fieldset>
  );
}

function OneKind({
  kind,
  measured,
}: {
  kind: (typeof DISPATCHABLE)[number];
  measured: Measured | undefined;
}) {
  const { t } = useTranslation();
  const { value, own, readOnly, set, clear, error } = usePlace<DispatchTerms | null | undefined>(
    `dispatch.${kind}`,
  );
  const on = value !== null && value !== undefined;
  const id = `policy-dispatch-${kind}`;
  return (
    <div className={own ? 'policy-class policy-own' : 'policy-class'}>
      <h3>
        <label htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={on}
            disabled={readOnly}
            onChange={(event) => set(event.target.checked ? STARTING_TERMS : null)}
          />{' '}
          {t(`kind.${kind}`)}
        </label>
        <Inheritance own={own} readOnly={readOnly} onClear={clear} />
      </h3>
      {on && (
        <div className="fields">
          <NumberPlace
            path={`dispatch.${kind}.minPrecision`}
            label={t('settings.policy.minPrecision')}
            min={50}
            max={100}
            scale={100}
          />
          <NumberPlace
            path={`dispatch.${kind}.minVerdicts`}
            label={t('settings.policy.minVerdicts')}
            min={20}
            max={1_000_000}
          />
          <NumberPlace path={`dispatch.${kind}.days`} label={t('settings.policy.days')} min={1} max={730} />
          <NumberPlace
            path={`dispatch.${kind}.reviewShare`}
            label={t('settings.policy.reviewShare')}
            min={5}
            max={100}
            scale={100}
          />
        </div>
      )}
      {measured !== undefined && (
        <p className="policy-hint">
          {t(measured.dispatches ? 'settings.policy.measuredOn' : 'settings.policy.measuredOff', {
            right: measured.right,
            all: measured.right + measured.wrong,
            low: (measured.low * 100).toFixed(1),
          })}
        </p>
      )}
      {error !== undefined && <p className="bad">{error}</p>}
    </div>
  );
}

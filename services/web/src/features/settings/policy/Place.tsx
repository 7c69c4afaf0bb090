import { Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../ui/Field.tsx';
import { usePlace } from './draft.ts';
import { Inheritance } from './Inheritance.tsx';

const idOf = (path: string): string => `policy-${path.replaceAll('.', '-')}`;

/** A control with what it says: the region's own word, or what is inherited, and the way back. */
function Place({ path, label, children }: { path: string; label: string; children: ReactNode }) {
  const { own, error, readOnly, clear } = usePlace<unknown>(path);
  return (
    <div className={own ? 'policy-place policy-own' : 'policy-place'}>
      <Field id={idOf(path)} label={label} error={error}>
        {children}
      </Field>
      <Inheritance own={own} readOnly={readOnly} onClear={clear} />
    </div>
  );
}

export function NumberPlace({
  path,
  label,
  min,
  max,
  step = 1,
  scale = 1,
}: {
  path: string;
  label: string;
  min: number;
  max: number;
  step?: number;
  /** What is shown is so many times what is stored: shares in percent. */
  scale?: number;
}) {
  const { value, readOnly, set } = usePlace<number>(path);
  return (
    <Place path={path} label={label}>
      <Input
        id={idOf(path)}
        type="number"
        min={min}
        max={max}
        step={step}
        disabled={readOnly}
        value={Number((value * scale).toFixed(4))}
        onChange={(event) => {
          const typed = Number(event.target.value);
          if (event.target.value !== '' && Number.isFinite(typed)) set(typed / scale);
        }}
      />
    </Place>
  );
}

const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
type Unit = keyof typeof UNITS;
const unitOf = (minutes: number): Unit =>
  minutes > 0 && minutes % 1440 === 0 ? 'days' : minutes > 0 && minutes % 60 === 0 ? 'hours' : 'minutes';

/** Minutes, in the unit that fits. */
export function Duration({
  id,
  label,
  minutes,
  disabled,
  onChange,
}: {
  id: string;
  /** For the unit, whose field has no label of its own. */
  label: string;
  minutes: number;
  disabled: boolean;
  onChange: (minutes: number) => void;
}) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState<Unit>(unitOf(minutes));
  return (
    <span className="policy-duration">
      <Input
        id={id}
        type="number"
        min={0}
        disabled={disabled}
        value={Number((minutes / UNITS[unit]).toFixed(3))}
        onChange={(event) => {
          const typed = Number(event.target.value);
          if (event.target.value !== '' && Number.isFinite(typed)) onChange(typed * UNITS[unit]);
        }}
      />
      <Select
        aria-label={t('settings.policy.unit', { label })}
        value={unit}
        disabled={disabled}
        options={(Object.keys(UNITS) as Unit[]).map((value) => ({
          value,
          label: t(`settings.policy.units.${value}`),
        }))}
        onChange={(next: Unit) => {
          onChange((minutes / UNITS[unit]) * UNITS[next]);
          setUnit(next);
        }}
      />
    </span>
  );
}

export function DurationPlace({ path, label }: { path: string; label: string }) {
  const { value, own, readOnly, set } = usePlace<number>(path);
  return (
    <Place path={path} label={label}>
      <Duration
        // What is inherited again is shown in its own unit.
        key={String(own)}
        id={idOf(path)}
        label={label}
        minutes={value}
        disabled={readOnly}
        onChange={set}
      />
    </Place>
  );
}

export function ChoicePlace<T extends string | number>({
  path,
  label,
  options,
  nullInherits = false,
}: {
  path: string;
  label: string;
  options: { value: T | null; label: string }[];
  /** null is no word of its own. */
  nullInherits?: boolean;
}) {
  const { value, readOnly, set, clear } = usePlace<T | null>(path);
  return (
    <Place path={path} label={label}>
      <Select
        id={idOf(path)}
        disabled={readOnly}
        value={value ?? null}
        options={options}
        onChange={(next: T | null) => (next === null && nullInherits ? clear() : set(next))}
      />
    </Place>
  );
}

/** A text that stands for something else, such as spans of hours; what cannot be read stays until it can. */
export function TextPlace({
  path,
  label,
  show,
  read,
}: {
  path: string;
  label: string;
  show: (value: unknown) => string;
  /** undefined: it cannot be read. */
  read: (text: string) => unknown;
}) {
  const { value, own, readOnly, set } = usePlace<unknown>(path);
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && own ? typed : show(value);
  return (
    <Place path={path} label={label}>
      <Input
        id={idOf(path)}
        disabled={readOnly}
        value={shown}
        onChange={(event) => {
          setTyped(event.target.value);
          const next = read(event.target.value);
          set(next === undefined ? event.target.value : next);
        }}
      />
    </Place>
  );
}

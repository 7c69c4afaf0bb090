import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DocumentType } from '../use-settings.ts';
import { type ChainStep, CLASSES, type ClassKey, RECIPIENTS, type Recipient } from './document.ts';
import { usePlace } from './draft.ts';
import { Inheritance } from './Inheritance.tsx';
import { Duration } from './Place.tsx';

/** 升级链: who is told when nobody acts, after how long, and which document is drafted then. Replaced whole. */
export function Chains({ types }: { types: readonly DocumentType[] }) {
  const { t } = useTranslation();
  return (
    <fieldset className="policy-part">
      <legend>{t('settings.policy.escalation')}</legend>
      <p className="policy-hint">{t('settings.policy.escalationHint')}</p>
      {CLASSES.map((one) => (
        <Chain key={one} of={one} types={types} />
      ))}
    </fieldset>
  );
}

function Chain({ of, types }: { of: ClassKey; types: readonly DocumentType[] }) {
  const { t } = useTranslation();
  const { value: steps, own, readOnly, set, clear, error } = usePlace<ChainStep[]>(`escalation.${of}`);
  const change = (index: number, step: Partial<ChainStep>) =>
    set(steps.map((one, i) => (i === index ? { ...one, ...step } : one)));
  return (
    <div className={own ? 'policy-class policy-own' : 'policy-class'}>
      <h3>
        {t('class.name', { class: of })}
        <Inheritance own={own} readOnly={readOnly} onClear={clear} />
      </h3>
      <ol className="policy-chain">
        {steps.map((step, index) => {
          const label = t('settings.policy.step', { number: index + 1 });
          return (
            // The steps have no other name than their place.
            <li key={`${of}-${String(index)}-${steps.length}`}>
              <Select
                aria-label={`${t('class.name', { class: of })} ${label} ${t('settings.policy.tell')}`}
                value={step.to}
                disabled={readOnly}
                options={RECIPIENTS.map((value) => ({ value, label: t(`role.${value}`) }))}
                onChange={(to: Recipient) => change(index, { to })}
              />
              <Duration
                id={`policy-chain-${of}-${index}`}
                label={`${t('class.name', { class: of })} ${label}`}
                minutes={step.delayMin}
                disabled={readOnly}
                onChange={(delayMin) => change(index, { delayMin })}
              />
              <label className="policy-after" htmlFor={`policy-chain-${of}-${index}`}>
                {t(index === 0 ? 'settings.policy.afterDue' : 'settings.policy.afterStep')}
              </label>
              <Select
                aria-label={`${t('class.name', { class: of })} ${label} ${t('settings.policy.draft')}`}
                value={step.document}
                disabled={readOnly}
                options={[
                  { value: null, label: t('settings.policy.noDocument') },
                  ...types.map(({ code, name }) => ({ value: code, label: name })),
                ]}
                onChange={(document: string | null) => change(index, { document })}
              />
              <Button
                type="text"
                size="small"
                disabled={readOnly || steps.length === 1}
                aria-label={t('settings.policy.removeStep', { number: index + 1 })}
                onClick={() => set(steps.filter((_, i) => i !== index))}
              >
                ×
              </Button>
            </li>
          );
        })}
      </ol>
      <Button
        size="small"
        disabled={readOnly || steps.length >= 10}
        onClick={() => set([...steps, { to: 'director', delayMin: 1440, document: null }])}
      >
        {t('settings.policy.addStep')}
      </Button>
      {error !== undefined && (
        <p className="bad" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { SystemState } from './types.ts';

const CODES = [
  'no_hat_precision',
  'no_hat_recall',
  'no_mask_precision',
  'no_mask_recall',
  'head_recall',
  'head_precision',
  'false_heads',
  'rodent_recall',
  'rodent_false',
] as const;

/** Which models judge, what their cards measured on held-out pictures, and what people said of their findings since. */
export function Models({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  return (
    <section className="sheet system-part" aria-labelledby="system-models">
      <header>
        <h2 id="system-models">{t('system.models.title')}</h2>
      </header>
      {state.models.length === 0 ? (
        <p className="bad">{t('system.models.none')}</p>
      ) : (
        <ul className="system-models">
          {state.models.map((model) => (
            <li key={model.name}>
              <h3>
                {model.name} {model.version}
              </h3>
              <p className="system-quiet">
                <code title={model.sha256}>{model.sha256.slice(0, 12)}</code> · {model.licence}
              </p>
              <p className={model.loadedBy === 0 ? 'bad' : undefined}>
                {model.loadedBy === 0
                  ? t('system.models.unused')
                  : t('system.models.workers', { count: model.loadedBy })}
              </p>
              <p>
                {t('system.models.verdicts')} <b className="num">{verdictText(t, model.verdicts)}</b>
              </p>
              <p className="system-quiet">{t('system.models.figures')}</p>
              {model.figures.length === 0 ? (
                <p>{t('system.models.noFigures')}</p>
              ) : (
                <ul className="system-list">
                  {model.figures.map((figure) => (
                    <li key={figure.code}>{figureText(t, figure)}</li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="system-hint">{t('system.models.hint')}</p>
    </section>
  );
}

function figureText(t: TFunction, { code, value, of }: SystemState['models'][number]['figures'][number]) {
  const known = CODES.find((one) => one === code);
  const name = known === undefined ? code : t(`system.models.figure.${known}`);
  const said = code === 'false_heads' ? value.toFixed(2) : `${(value * 100).toFixed(1)}%`;
  return `${name} ${said}${of === null ? '' : t('system.models.of', { count: of })}`;
}

function verdictText(t: TFunction, { confirmed, dismissed }: { confirmed: number; dismissed: number }) {
  if (confirmed + dismissed === 0) return t('system.models.noVerdicts');
  return t('system.models.verdict', {
    confirmed,
    all: confirmed + dismissed,
    percent: Math.round((confirmed / (confirmed + dismissed)) * 100),
  });
}

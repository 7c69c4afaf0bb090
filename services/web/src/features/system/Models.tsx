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
    <section className="sheet system-part system-wide" aria-labelledby="system-models">
      <header>
        <h2 id="system-models">{t('system.models.title')}</h2>
      </header>
      {state.models.length === 0 ? (
        <p className="bad">{t('system.models.none')}</p>
      ) : (
        <div className="system-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('system.models.model')}</th>
                <th scope="col">{t('system.models.loadedBy')}</th>
                <th scope="col">{t('system.models.figures')}</th>
                <th scope="col">{t('system.models.verdicts')}</th>
              </tr>
            </thead>
            <tbody>
              {state.models.map((model) => (
                <tr key={model.name}>
                  <th scope="row">
                    <b>{model.name}</b> {model.version}
                    <br />
                    <code title={model.sha256}>{model.sha256.slice(0, 12)}</code> · {model.licence}
                  </th>
                  <td className={model.loadedBy === 0 ? 'bad' : 'num'}>
                    {model.loadedBy === 0
                      ? t('system.models.unused')
                      : t('system.models.workers', { count: model.loadedBy })}
                  </td>
                  <td>
                    {model.figures.length === 0 ? (
                      t('system.models.noFigures')
                    ) : (
                      <ul className="system-list">
                        {model.figures.map((figure) => (
                          <li key={figure.code}>{figureText(t, figure)}</li>
                        ))}
                      </ul>
                    )}
                  </td>
                  <td className="num">{verdictText(t, model.verdicts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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

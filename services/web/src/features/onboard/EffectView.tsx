import { useTranslation } from 'react-i18next';
import type { Effect, LookVerdict } from '../../api/onboard-types.ts';
import { Moment } from '../../ui/Times.tsx';
import './effect.css';

/** How a box fares: line and colour tell it, the legend says it. */
const fateOf = ({ before, after }: { before: boolean; after: boolean }) =>
  before === after ? (after ? 'kept' : 'out') : after ? 'gained' : 'lost';

/** Boxes of the last looks over the picture: those that count, those that a change would drop, and those that count neither way. */
export function EffectBoxes({ effect }: { effect: Effect | undefined }) {
  return (
    <svg className="effect-boxes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {effect?.looks.flatMap(({ id, boxes }) =>
        boxes.map((one) => {
          const [x1, y1, x2, y2] = one.box;
          return (
            <rect
              key={`${id}-${one.kind}-${x1}-${y1}`}
              className={`effect-box effect-${fateOf(one)}`}
              x={x1}
              y={y1}
              width={x2 - x1}
              height={y2 - y1}
            />
          );
        }),
      )}
    </svg>
  );
}

const FATES = ['kept', 'lost', 'gained', 'out'] as const;
const VERDICTS: readonly LookVerdict[] = ['finding', 'closer', 'calm'];

/** The same in figures, and look by look. */
export function EffectSummary({ effect }: { effect: Effect | undefined }) {
  const { t } = useTranslation();
  if (effect === undefined) return null;
  if (effect.looks.length === 0) return <p className="onboard-hint">{t('onboard.effect.none')}</p>;
  const boxes = effect.looks.flatMap((look) => look.boxes);
  const count = (when: 'before' | 'after', verdict: LookVerdict): number =>
    effect.looks.filter((look) => look[when] === verdict).length;
  const changed = effect.looks.filter(({ before, after }) => before !== after);
  return (
    <section
      className="effect"
      aria-label={t('onboard.effect.title', { count: effect.looks.length })}
      aria-live="polite"
    >
      <h3>{t('onboard.effect.title', { count: effect.looks.length })}</h3>
      <ul className="effect-fates">
        {FATES.map((fate) => (
          <li key={fate} className={`effect-fate effect-fate-${fate}`}>
            <span className="effect-swatch" aria-hidden="true" />
            {t(`onboard.effect.${fate}`)}{' '}
            <b className="num">{boxes.filter((box) => fateOf(box) === fate).length}</b>
          </li>
        ))}
      </ul>
      <table className="effect-table">
        <thead>
          <tr>
            <th scope="col">{t('onboard.effect.looks')}</th>
            <th scope="col">{t('onboard.effect.before')}</th>
            <th scope="col">{t('onboard.effect.after')}</th>
          </tr>
        </thead>
        <tbody>
          {VERDICTS.map((verdict) => (
            <tr key={verdict}>
              <th scope="row">{t(`onboard.effect.verdict.${verdict}`)}</th>
              <td className="num">{count('before', verdict)}</td>
              <td
                className={
                  count('before', verdict) === count('after', verdict) ? 'num' : 'num effect-differs'
                }
              >
                {count('after', verdict)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {changed.length > 0 && (
        <details>
          <summary>{t('onboard.effect.changed', { count: changed.length })}</summary>
          <ul>
            {changed.slice(0, 20).map(({ id, at, before, after }) => (
              <li key={id}>
                <Moment at={at} /> {t(`onboard.effect.verdict.${before}`)} →{' '}
                {t(`onboard.effect.verdict.${after}`)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

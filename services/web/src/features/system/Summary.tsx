import { useTranslation } from 'react-i18next';
import { Moment } from '../../ui/Times.tsx';
import { Level } from './Part.tsx';
import { SYSTEM_PARTS, type SystemState } from './types.ts';

/** The one glance: is all well, and if not, where. Each part leads to its figures below. */
export function Summary({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const bad = SYSTEM_PARTS.filter((part) => state.parts[part] === 'bad').length;
  const warn = SYSTEM_PARTS.filter((part) => state.parts[part] === 'warn').length;
  const said =
    bad > 0
      ? t('system.summary.bad', { count: bad, warn })
      : warn > 0
        ? t('system.summary.warn', { count: warn })
        : t('system.summary.good');
  return (
    <section
      className={`system-summary system-summary-${state.level}`}
      aria-label={t('system.summary.label')}
    >
      <p className="system-said" role="status">
        <Level level={state.level} /> <b>{said}</b>
      </p>
      <p className="system-at">
        {t('system.asOf')} <Moment at={state.at} />
      </p>
      <ul>
        {SYSTEM_PARTS.map((part) => (
          <li key={part}>
            <button
              type="button"
              className="system-jump"
              onClick={() => {
                const there = document.getElementById(`system-${part}`);
                there?.scrollIntoView({ block: 'start' });
                there?.focus({ preventScroll: true });
              }}
            >
              <span>{t(`system.part.${part}`)}</span>
              <Level level={state.parts[part]} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useTranslation } from 'react-i18next';
import type { Around } from '../../api/desk-types.ts';
import type { FindingDetail } from '../../api/finding-types.ts';
import { Link } from '../../ui/Link.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';
import { sizeOf } from './looks.ts';

/** Whether a sibling can be judged together with the finding: what is graver is judged by itself. */
export const goesWith = (finding: FindingDetail, sibling: Around): boolean => sibling.class >= finding.class;

interface AroundListProps {
  finding: FindingDetail;
  around: readonly Around[];
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
}

/** The same at the same merchant, waiting too: seen side by side, judged by one key. */
export function AroundList({ finding, around, chosen, onChoose }: AroundListProps) {
  const { t } = useTranslation();
  const can = around.filter((one) => goesWith(finding, one));
  if (around.length === 0) return null;
  const all = chosen.size > 0 && chosen.size === can.length;
  return (
    <section className="side-part" aria-label={t('around.title')}>
      <h3>
        {t('around.title')} <span className="num">{around.length}</span>
      </h3>
      <p className="side-hint">{t('around.hint')}</p>
      {can.length > 0 && (
        <button
          type="button"
          className="mini around-all"
          aria-pressed={all}
          onClick={() => onChoose(all ? new Set() : new Set(can.map(({ id }) => id)))}
        >
          {t('around.with', { count: can.length })} <kbd>S</kbd>
        </button>
      )}
      <ul className="around">
        {around.map((one) => {
          const fits = goesWith(finding, one);
          const name = one.camera?.name ?? one.zone.name;
          return (
            <li key={one.id} className={chosen.has(one.id) ? 'around-one around-chosen' : 'around-one'}>
              <label>
                <span className="around-picture">
                  {one.frame !== null && (
                    <Picture url={one.frame.url} alt={name} {...sizeOf(one.frame)} small={320} />
                  )}
                </span>
                <input
                  type="checkbox"
                  checked={chosen.has(one.id)}
                  disabled={!fits}
                  onChange={() => {
                    const next = new Set(chosen);
                    if (!next.delete(one.id)) next.add(one.id);
                    onChoose(next);
                  }}
                />
                <span className="around-name">{name}</span>
              </label>
              <span className="around-foot">
                <Link to={`/findings/${one.id}${window.location.search}`}>
                  <Moment at={one.firstSeen} />
                  {one.count > 1 && <span className="num"> ×{one.count}</span>}
                </Link>
                {!fits && <span>{t('around.graver')}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

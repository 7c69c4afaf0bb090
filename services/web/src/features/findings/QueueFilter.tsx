import { ReloadOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { VIOLATION_KINDS } from '../../api/types.ts';
import { useRegions } from '../../api/use-regions.ts';
import { type FindingFilter, ORDERS } from './use-findings.ts';

const STATES = ['pending_review', 'confirmed', 'dismissed'] as const;
const CLASSES = [1, 2, 3] as const;

interface QueueFilterProps {
  filter: FindingFilter;
  onChange: (filter: FindingFilter) => void;
  refreshing: boolean;
  onRefresh: () => void;
}

export function QueueFilter({ filter, onChange, refreshing, onRefresh }: QueueFilterProps) {
  const { t } = useTranslation();
  const regions = useRegions();
  // The keys of the desk work again at once: the choice keeps no focus.
  const pick = (change: Partial<FindingFilter>, control: HTMLElement): void => {
    control.blur();
    onChange({ ...filter, ...change });
  };
  return (
    <div className="queue-filter">
      <div className="queue-filter-row">
        <Segmented
          aria-label={t('filter.state')}
          value={filter.state ?? 'all'}
          onChange={(value) => onChange({ ...filter, state: STATES.find((state) => state === value) })}
          options={[
            ...STATES.map((state) => ({ value: state as string, label: t(`findingState.${state}`) })),
            { value: 'all', label: t('filter.all') },
          ]}
        />
        <button
          type="button"
          className="round"
          aria-label={t('findings.refresh')}
          title={t('findings.refresh')}
          onClick={onRefresh}
        >
          <ReloadOutlined spin={refreshing} />
        </button>
      </div>
      <fieldset className="chips" aria-label={t('filter.kind')}>
        {[undefined, ...VIOLATION_KINDS].map((kind) => (
          <button
            key={kind ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={filter.kind === kind}
            onClick={() => onChange({ ...filter, kind })}
          >
            {kind === undefined ? t('filter.allKinds') : t(`kind.${kind}`)}
          </button>
        ))}
      </fieldset>
      <div className="queue-picks">
        <select
          className="pick"
          aria-label={t('desk.class')}
          value={filter.class ?? ''}
          onChange={({ currentTarget }) =>
            pick({ class: CLASSES.find((one) => String(one) === currentTarget.value) }, currentTarget)
          }
        >
          <option value="">{t('desk.allClasses')}</option>
          {CLASSES.map((one) => (
            <option key={one} value={one}>
              {t('class.name', { class: one })}
            </option>
          ))}
        </select>
        <select
          className="pick"
          aria-label={t('desk.order')}
          value={filter.order}
          onChange={({ currentTarget }) =>
            pick({ order: ORDERS.find((one) => one === currentTarget.value) ?? 'gravest' }, currentTarget)
          }
        >
          {ORDERS.map((one) => (
            <option key={one} value={one}>
              {t(`desk.orders.${one}`)}
            </option>
          ))}
        </select>
        {regions.length > 1 && (
          <select
            className="pick"
            aria-label={t('desk.region')}
            value={filter.region ?? ''}
            onChange={({ currentTarget }) =>
              pick({ region: currentTarget.value === '' ? undefined : currentTarget.value }, currentTarget)
            }
          >
            <option value="">{t('desk.allRegions')}</option>
            {regions.map((region) => (
              <option key={region.id} value={region.code}>
                {'\u2003'.repeat(region.path.split('.').length - 1) + region.name}
              </option>
            ))}
          </select>
        )}
      </div>
    </div>
  );
}

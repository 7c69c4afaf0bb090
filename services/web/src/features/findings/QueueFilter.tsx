import { ReloadOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { VIOLATION_KINDS } from '../../api/types.ts';
import type { FindingFilter } from './use-findings.ts';

const STATES = ['pending_review', 'confirmed', 'dismissed'] as const;

interface QueueFilterProps {
  filter: FindingFilter;
  onChange: (filter: FindingFilter) => void;
  refreshing: boolean;
  onRefresh: () => void;
}

export function QueueFilter({ filter, onChange, refreshing, onRefresh }: QueueFilterProps) {
  const { t } = useTranslation();
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
    </div>
  );
}

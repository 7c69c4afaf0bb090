import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES } from '../../api/account-types.ts';
import { TASK_STATES } from '../../api/types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Choice } from '../../ui/Choice.tsx';
import { RegionFilter } from '../../ui/RegionFilter.tsx';
import { SHOWN, type TaskFilter } from './task-filter.ts';

interface TaskFilterBarProps {
  filter: TaskFilter;
  onChange: (filter: TaskFilter) => void;
}

/** Which tasks are listed; who has one kitchen needs no places. */
export function TaskFilterBar({ filter, onChange }: TaskFilterBarProps) {
  const { t } = useTranslation();
  const { role } = useCurrentSession().account;
  const places = !MERCHANT_ROLES.includes(role);
  const shown = filter.show;
  const state = TASK_STATES.find((one) => one === shown);
  return (
    <div className="task-filter">
      <fieldset className="chips" aria-label={t('filter.state')}>
        {[undefined, ...SHOWN].map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={one === shown}
            onClick={() => onChange({ ...filter, show: one })}
          >
            {one === undefined ? t('filter.all') : t(`taskFilter.${one}`)}
          </button>
        ))}
      </fieldset>
      <Choice
        label={t('taskFilter.state')}
        value={state ?? ''}
        options={TASK_STATES.map((value) => ({ value, label: t(`taskState.${value}`) }))}
        onChange={(value) => onChange({ ...filter, show: TASK_STATES.find((one) => one === value) })}
      />
      {places && (
        <RegionFilter value={filter.region} onChange={(region) => onChange({ ...filter, region })} />
      )}
      {places && (
        <Input.Search
          allowClear
          defaultValue={filter.search ?? ''}
          placeholder={t('taskFilter.search')}
          aria-label={t('taskFilter.search')}
          onSearch={(text) => onChange({ ...filter, search: text.trim() || undefined })}
        />
      )}
      {filter.merchant !== undefined && (
        <button
          type="button"
          className="chip"
          aria-pressed
          onClick={() => onChange({ ...filter, merchant: undefined })}
        >
          {t('taskFilter.merchant', { code: filter.merchant })} ×
        </button>
      )}
    </div>
  );
}

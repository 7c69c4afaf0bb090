import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '../../api/use-regions.ts';
import { navigate } from '../../app/router.ts';
import { addressOf, SIZES, type Wall } from './wall-address.ts';

/** How many cameras, and which: by region, by name. Choosing anew leaves a drawn wall. */
export function WallChoice({ wall }: { wall: Wall }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const [search, setSearch] = useState(wall.search ?? '');
  const go = (change: Partial<Wall>): void =>
    navigate(addressOf({ ...wall, after: undefined, camera: undefined, list: undefined, ...change }));
  return (
    <div className="live-choice">
      <fieldset className="chips" aria-label={t('wall.size')}>
        {SIZES.map((size) => (
          <button
            key={size}
            type="button"
            className="chip num"
            aria-pressed={size === wall.size}
            onClick={() => go({ size })}
          >
            {t('wall.sizes', { count: size })}
          </button>
        ))}
      </fieldset>
      {regions.length > 1 && (
        <select
          className="live-pick"
          aria-label={t('desk.region')}
          value={wall.region ?? ''}
          onChange={({ currentTarget }) =>
            go({ region: currentTarget.value === '' ? undefined : currentTarget.value, draw: undefined })
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
      <form
        className="live-search"
        onSubmit={(event) => {
          event.preventDefault();
          go({ search: search.trim(), draw: undefined });
        }}
      >
        <Input
          allowClear
          aria-label={t('wall.search')}
          placeholder={t('wall.search')}
          maxLength={100}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </form>
      {wall.merchant !== undefined && (
        <Button onClick={() => go({ merchant: undefined, draw: undefined })}>
          {t('wall.merchant', { code: wall.merchant })} ×
        </Button>
      )}
    </div>
  );
}

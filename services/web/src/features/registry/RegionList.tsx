import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Region } from '../../api/registry-types.ts';
import { useRegions } from '../../api/use-regions.ts';
import { Note } from '../../ui/Note.tsx';
import { RegionDrawer } from './RegionDrawer.tsx';
import { useMayRegister } from './use-registry.ts';

/** 辖区 as a tree: county, towns, grids. */
export function RegionList() {
  const { t } = useTranslation();
  const mayWrite = useMayRegister();
  const regions = useRegions();
  // `parent`: a new one below it; null: at the top.
  const [open, setOpen] = useState<{ region: Region } | { parent: Region | null }>();
  const outermost = Math.min(...regions.map(depth));
  return (
    <>
      {mayWrite && (
        <div className="registry-tools">
          <Button type="primary" onClick={() => setOpen({ parent: regions[0] ?? null })}>
            {t('registry.addRegion')}
          </Button>
        </div>
      )}
      {regions.length === 0 ? (
        <Note title={t('registry.noRegions')} />
      ) : (
        <ul className="registry-list" aria-label={t('registry.regions')}>
          {regions.map((region) => (
            <li key={region.id} className="registry-region">
              <span style={{ paddingInlineStart: `${(depth(region) - outermost) * 20}px` }}>
                <b>{region.name}</b> <span className="registry-code">{region.code}</span>
              </span>
              <span className="tag">{t(`regionLevel.${region.level}`)}</span>
              <span className="registry-quiet">{region.timeZone}</span>
              {mayWrite && (
                <span className="registry-actions">
                  <Button
                    size="small"
                    aria-label={t('registry.changeOf', { name: region.name })}
                    onClick={() => setOpen({ region })}
                  >
                    {t('registry.change')}
                  </Button>
                  <Button
                    size="small"
                    aria-label={t('registry.addBelowOf', { name: region.name })}
                    onClick={() => setOpen({ parent: region })}
                  >
                    {t('registry.addBelow')}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {open !== undefined && (
        <RegionDrawer
          region={
            'region' in open ? (regions.find(({ id }) => id === open.region.id) ?? open.region) : undefined
          }
          parent={'parent' in open ? open.parent : null}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

const depth = ({ path }: Region): number => path.split('.').length;

import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RegionMap, useRegionMap } from '../../../api/use-region-map.ts';
import { useRegionsQuery } from '../../../api/use-regions.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { Link } from '../../../ui/Link.tsx';
import { drilled, show, useAsked } from '../address.ts';
import { bandsOf, FIGURES, figureOf, levelOf } from '../figures.ts';
import { figureText } from '../numbers.tsx';
import type { Item } from '../types.ts';
import { useStatistics } from '../use-statistics.ts';
import { Legend } from './Legend.tsx';
import { MapHints } from './MapHints.tsx';
import { RegionList, type RegionRow } from './RegionList.tsx';
import type { RegionShape } from './RegionShapes.tsx';
import { RegionTip } from './RegionTip.tsx';
import { Scene } from './Scene.tsx';
import { usePlaces } from './use-places.ts';
import './map.css';

const NO_ITEMS: readonly Item[] = [];

/** The regions below the asked one by one figure: as a map, and as the list that says the same. A click goes one level down. */
export function MapSection() {
  const { t } = useTranslation();
  const { from, to, region, sort } = useAsked();
  const figure = figureOf(sort);
  const map = useRegionMap(region);
  const places = usePlaces(region);
  const asked = useStatistics({ from, to, region, groupBy: 'region', sort: 'key', limit: 3000 });
  const [hovered, setHovered] = useState<string>();
  const [tip, setTip] = useState<{ x: number; y: number }>();
  const onHover = useCallback((code: string | undefined, at?: { x: number; y: number }) => {
    setHovered(code);
    setTip(at);
  }, []);
  const items = asked.data?.items ?? NO_ITEMS;
  const rows = useMemo(() => rowsOf(map.data, items), [map.data, items]);
  const bands = bandsOf(
    figure,
    rows.map(({ item }) => item && figure.of(item)),
  );
  const shapes = (map.data?.below ?? []).map((one): RegionShape => {
    const item = items.find(({ key }) => key === one.region.id);
    const value = figureText(figure, item ?? null);
    const what = t(`director.column.${figure.sort}`);
    return {
      ...one,
      level: item === undefined ? null : levelOf(figure, bands, figure.of(item)),
      value,
      label: t('map.region', { name: one.region.name, what, value }),
      to: drilled(one.region.code),
    };
  });
  const failed = [map, asked, places].find((one) => one.data === undefined && one.isError);
  const shown = rows.find(({ region: one }) => one.code === hovered);
  return (
    <section className="director-part" aria-labelledby="director-map">
      <div className="director-head">
        <h2 id="director-map">{t('map.title')}</h2>
        <Up />
        <fieldset className="chips" aria-label={t('map.figure')}>
          {FIGURES.map(({ sort: one, worst }) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === figure.sort}
              onClick={() => show({ sort: one, order: worst })}
            >
              {t(`director.column.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {failed !== undefined ? (
        <Failure what="statistics" error={failed.error} onRetry={() => void failed.refetch()} />
      ) : map.data === undefined || asked.data === undefined || places.data === undefined ? (
        <Bones lines={8} />
      ) : (
        <>
          <div className="map-pair">
            <div className="sheet">
              <Scene
                map={map.data}
                shapes={shapes}
                dots={places.data.items}
                hovered={hovered}
                onHover={onHover}
              />
              <Legend figure={figure} bands={bands} rows={rows} />
            </div>
            <RegionList figure={figure} bands={bands} rows={rows} hovered={hovered} onHover={onHover} />
          </div>
          <MapHints map={map.data} placed={places.data.placed} all={places.data.total} />
          {tip !== undefined && shown !== undefined && (
            <RegionTip row={shown} at={tip} chosen={figure.sort} />
          )}
        </>
      )}
    </section>
  );
}

/** The regions below, whatever was counted there, and the asked one for what lies in none of them. */
function rowsOf(map: RegionMap | undefined, items: readonly Item[]): RegionRow[] {
  if (map === undefined) return [];
  const byKey = new Map(items.map((item) => [item.key, item]));
  const below = map.below.map(({ region }) => ({
    region,
    item: byKey.get(region.id) ?? null,
    itself: false,
  }));
  const itself = map.region && byKey.get(map.region.region.id);
  return map.region === null || itself == null
    ? below
    : [...below, { region: map.region.region, item: itself, itself: true }];
}

/** To the region that the shown one lies in, as far as the account sees it. */
function Up() {
  const { t } = useTranslation();
  const { region } = useAsked();
  const regions = useRegionsQuery();
  const here = regions.data?.find(({ code }) => code === region);
  if (here === undefined) return null;
  const path = here.path.split('.').slice(0, -1).join('.');
  const above = regions.data?.find((one) => one.path === path);
  return (
    <Link to={drilled(above?.code)} className="map-up">
      ↑ {above?.name ?? t('director.allRegions')}
    </Link>
  );
}

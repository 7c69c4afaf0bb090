import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RegionMap } from '../../../api/use-region-map.ts';
import { MapFrame, type MapScene } from '../../../ui/map/MapFrame.tsx';
import { type Edges, edgesOf, pathOf, projectionOf } from '../../../ui/map/outline.ts';
import type { Point } from './place.ts';

const MARGIN = 20;

interface PlacePickerProps {
  /** Of the region. */
  name: string;
  map: RegionMap;
  now: Point | null;
  draft: Point | null;
  onPick: (point: Point) => void;
}

/** The region's outline: a press puts the merchant there. Without an outline there is nothing to press on. */
export function PlacePicker(props: PlacePickerProps) {
  const { t } = useTranslation();
  const { map, name } = props;
  const edges = useMemo(() => {
    const outlines = [map.region, ...map.below].flatMap((one) => one?.outline ?? []);
    return outlines.length === 0 ? null : edgesOf([outlines], []);
  }, [map]);
  return (
    <section aria-label={t('place.onMap')}>
      <h2>{t('place.onMap')}</h2>
      {edges === null ? (
        <p className="quiet">{t('place.noOutline', { region: name })}</p>
      ) : (
        <>
          <p className="quiet">{t('place.onMapHint')}</p>
          <PickFrame {...props} edges={edges} />
        </>
      )}
    </section>
  );
}

function PickFrame({ map, name, now, draft, onPick, edges }: PlacePickerProps & { edges: Edges }) {
  const { t } = useTranslation();
  return (
    <div className="sheet">
      <MapFrame
        label={t('place.mapOf', { region: name })}
        of={map.region?.region.code}
        onPick={(at, size) => {
          const { lat, lon } = projectionOf(edges, size, MARGIN).toDegrees(at);
          onPick({ lat: round(lat), lon: round(lon) });
        }}
      >
        {(scene) => <Layer map={map} now={now} draft={draft} edges={edges} scene={scene} />}
      </MapFrame>
    </div>
  );
}

/** A metre. */
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

interface LayerProps extends Pick<PlacePickerProps, 'map' | 'now' | 'draft'> {
  edges: Edges;
  scene: MapScene;
}

function Layer({ map, now, draft, edges, scene }: LayerProps) {
  const { width, height } = scene.size;
  const projection = useMemo(() => projectionOf(edges, { width, height }, MARGIN), [edges, width, height]);
  const paths = useMemo(
    () =>
      [map.region, ...map.below].flatMap((one) =>
        one?.outline == null ? [] : [{ code: one.region.code, path: pathOf(one.outline, projection) }],
      ),
    [map, projection],
  );
  const mark = (point: Point | null, className: string) => {
    if (point === null) return null;
    const { x, y } = projection.toPoint(point.lon, point.lat);
    return <circle cx={x} cy={y} r={9 / scene.k} className={className} />;
  };
  return (
    <>
      {paths.map(({ code, path }) => (
        <path key={code} d={path} fillRule="evenodd" className="map-region" />
      ))}
      {mark(now, 'place-now')}
      {mark(draft, 'place-draft')}
    </>
  );
}

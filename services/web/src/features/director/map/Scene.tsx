import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RegionMap } from '../../../api/use-region-map.ts';
import { MapFrame, type MapScene } from '../../../ui/map/MapFrame.tsx';
import { type Edges, edgesOf, projectionOf } from '../../../ui/map/outline.ts';
import { useAsked } from '../address.ts';
import { useStatistics } from '../use-statistics.ts';
import { inFrame, MOST_DOTS, PlaceDots } from './PlaceDots.tsx';
import { type RegionShape, RegionShapes } from './RegionShapes.tsx';
import type { Dot } from './use-places.ts';

const MARGIN = 24;

interface SceneProps {
  map: RegionMap;
  shapes: readonly RegionShape[];
  dots: readonly Dot[];
  hovered: string | undefined;
  onHover: (code: string | undefined, at?: { x: number; y: number }) => void;
}

/** Regions, and merchants on top of them where they are few enough to be told apart. */
export function Scene(props: SceneProps) {
  const { map, dots } = props;
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const counted = useStatistics({ from, to, region, groupBy: 'merchant', sort: 'confirmed', limit: 3000 });
  const figures = useMemo(
    () => new Map((counted.data?.items ?? []).map((item) => [item.key, item])),
    [counted.data],
  );
  const edges = useMemo(() => {
    const outlines = [map.region, ...map.below].flatMap((one) => one?.outline ?? []);
    return edgesOf(outlines.length > 0 ? [outlines] : [], outlines.length > 0 ? [] : dots);
  }, [map, dots]);
  if (edges === null) return <p className="map-nothing">{t('map.nothing')}</p>;
  return (
    <MapFrame label={t('map.title')} of={map.region?.region.code}>
      {(scene) => <Layers {...props} edges={edges} scene={scene} figures={figures} />}
    </MapFrame>
  );
}

interface LayersProps extends SceneProps {
  edges: Edges;
  scene: MapScene;
  figures: React.ComponentProps<typeof PlaceDots>['figures'];
}

function Layers({ map, shapes, dots, hovered, onHover, edges, scene, figures }: LayersProps) {
  const { width, height } = scene.size;
  const projection = useMemo(() => projectionOf(edges, { width, height }, MARGIN), [edges, width, height]);
  const near = inFrame(dots, projection, scene);
  return (
    <RegionShapes
      shapes={shapes}
      around={map.region}
      projection={projection}
      scene={scene}
      hovered={hovered}
      onHover={onHover}
    >
      {near.length <= MOST_DOTS && <PlaceDots dots={near} figures={figures} k={scene.k} />}
    </RegionShapes>
  );
}

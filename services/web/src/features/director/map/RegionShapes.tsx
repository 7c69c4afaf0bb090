import { type ReactNode, useMemo } from 'react';
import type { RegionOutline } from '../../../api/use-region-map.ts';
import { Link } from '../../../ui/Link.tsx';
import type { MapScene } from '../../../ui/map/MapFrame.tsx';
import { labelOf, type Projection, pathOf } from '../../../ui/map/outline.ts';
import { LEVELS, type Level } from '../figures.ts';

export interface RegionShape extends RegionOutline {
  /** null: nothing was counted there. */
  level: Level | null;
  /** The figure as it is written. */
  value: string;
  label: string;
  /** The same for this region. */
  to: string;
}

/** Pixels of one character of a name, and of a line. */
const LETTER = 13;
const LINE = 15;

const TILES: Record<Level, string> = {
  0: '',
  1: 'M0 12L12 0',
  2: 'M0 6L6 0M6 12L12 6M0 12L12 0',
  3: 'M0 6L6 0M6 12L12 6M0 12L12 0M0 0L12 12',
  4: 'M0 6L6 0M6 12L12 6M0 12L12 0M0 0L12 12M6 0L12 6M0 6L6 12',
};

/** The five levels as hatches: the denser, the worse, also where colours are not seen. `k` keeps them as dense on the screen. */
export function LevelTiles({ k, id }: { k: number; id: string }) {
  return (
    <defs>
      {LEVELS.map((level) => (
        <pattern
          key={level}
          id={`${id}-${level}`}
          width={12}
          height={12}
          patternUnits="userSpaceOnUse"
          patternTransform={`scale(${1 / k})`}
        >
          <rect width={12} height={12} className={`level-ground level-${level}`} />
          <path d={TILES[level]} className="level-lines" />
        </pattern>
      ))}
    </defs>
  );
}

interface RegionShapesProps {
  shapes: readonly RegionShape[];
  /** Around them all. */
  around: RegionOutline | null;
  projection: Projection;
  scene: MapScene;
  hovered: string | undefined;
  onHover: (code: string | undefined, at?: { x: number; y: number }) => void;
  /** Merchants: above the regions, below their names. */
  children: ReactNode;
}

/** Regions in the colour and hatch of their level. The list beside says the same to those who do not see it, and takes the tabs. */
export function RegionShapes({
  shapes,
  around,
  projection,
  scene,
  hovered,
  onHover,
  children,
}: RegionShapesProps) {
  const { k } = scene;
  const drawn = useMemo(
    () =>
      shapes.flatMap((shape) => {
        const { outline, region } = shape;
        if (outline === null) return [];
        return [
          { code: region.code, path: pathOf(outline, projection), middle: labelOf(outline, projection) },
        ];
      }),
    [shapes, projection],
  );
  const frame = useMemo(
    () => (around?.outline == null ? null : pathOf(around.outline, projection)),
    [around, projection],
  );
  const shapeOf = new Map(shapes.map((shape) => [shape.region.code, shape]));
  return (
    <>
      <LevelTiles k={k} id="map-level" />
      {frame !== null && shapes.length === 0 && <path d={frame} className="map-region" />}
      {drawn.map(({ code, path }) => {
        const shape = shapeOf.get(code);
        return (
          <Link
            key={code}
            to={shape?.to ?? ''}
            aria-label={shape?.label}
            tabIndex={-1}
            onPointerMove={({ clientX: x, clientY: y, pointerType }) => {
              if (pointerType === 'mouse') onHover(code, { x, y });
            }}
            onPointerLeave={() => onHover(undefined)}
          >
            <path
              d={path}
              fillRule="evenodd"
              className="region-shape"
              fill={shape?.level == null ? 'transparent' : `url(#map-level-${shape.level})`}
              strokeDasharray={shape?.level == null ? '4 3' : undefined}
            />
          </Link>
        );
      })}
      {frame !== null && <path d={frame} fillRule="evenodd" className="map-outline" />}
      {drawn.map(
        ({ code, path }) => code === hovered && <path key={code} d={path} className="region-hovered" />,
      )}
      {children}
      <g>
        {drawn.map(({ code, middle }) => {
          const shape = shapeOf.get(code);
          if (shape === undefined || middle.width * k < shape.region.name.length * LETTER) return null;
          return (
            <text key={code} className="region-name" fontSize={13 / k}>
              <tspan x={middle.x} y={middle.y}>
                {shape.region.name}
              </tspan>
              <tspan x={middle.x} y={middle.y + LINE / k} className="region-value">
                {shape.value}
              </tspan>
            </text>
          );
        })}
      </g>
    </>
  );
}

import { HomeOutlined, MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Point } from './outline.ts';
import { useGestures } from './use-gestures.ts';
import { useSize } from './use-size.ts';
import { type Size, useView } from './use-view.ts';
import './map.css';

const STEP = 1.6;
/** Part of the frame that an arrow key moves. */
const ARROW = 0.15;

/** Key → how much closer (0: the whole map), how far to the right and down. */
const KEYS: Record<string, readonly [number, number, number]> = {
  '+': [STEP, 0, 0],
  '=': [STEP, 0, 0],
  '-': [1 / STEP, 0, 0],
  '0': [0, 0, 0],
  ArrowLeft: [1, -1, 0],
  ArrowRight: [1, 1, 0],
  ArrowUp: [1, 0, -1],
  ArrowDown: [1, 0, 1],
};

export interface MapScene {
  size: Size;
  /** How much larger than whole: sizes that should stay as they are on the screen are divided by it. */
  k: number;
  /** What is shown, in points of the whole map. */
  shown: { west: number; north: number; east: number; south: number };
}

interface MapFrameProps {
  label: string;
  /** What the map is of: another one begins whole. */
  of: string | undefined;
  /** Drawn in points of the whole map, as large as the frame. */
  children: (scene: MapScene) => ReactNode;
  /** Above the map, in pixels of the frame. */
  over?: ReactNode;
  /** A click that was no drag, in points of the whole map. */
  onPick?: (at: Point, size: Size) => void;
}

/** A map to zoom and to move: by buttons, wheel, two fingers, dragging, and by + − 0 and the arrow keys while anything in it has the focus. */
export function MapFrame({ label, of, children, over, onPick }: MapFrameProps) {
  const { t } = useTranslation();
  const [ref, size] = useSize<SVGSVGElement>();
  const control = useView(size, of);
  const { view, zoom, move, whole } = control;
  const gestures = useGestures(ref, control);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [zoomed, right, down] = KEYS[event.key] ?? [];
    if (zoomed === undefined) return;
    event.preventDefault();
    if (zoomed === 0) whole();
    else if (zoomed !== 1) zoom(zoomed);
    else move(-(right ?? 0) * size.width * ARROW, -(down ?? 0) * size.height * ARROW);
  };
  const onClick = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const { k, x, y } = view;
    onPick?.({ x: (event.clientX - box.left - x) / k, y: (event.clientY - box.top - y) / k }, size);
  };
  const { k, x, y } = view;
  const shown = { west: -x / k, north: -y / k, east: (size.width - x) / k, south: (size.height - y) / k };
  return (
    <fieldset className="map-frame" aria-label={label} onKeyDown={onKeyDown}>
      <svg
        ref={ref}
        className={`map-svg ${k > 1 ? 'map-moves' : ''} ${onPick === undefined ? '' : 'map-picks'}`}
        {...gestures}
        {...(onPick === undefined ? {} : { onClick })}
      >
        <title>{label}</title>
        {size.width > 0 && (
          <g transform={`translate(${x} ${y}) scale(${k})`}>{children({ size, k, shown })}</g>
        )}
      </svg>
      <div className="map-buttons">
        <Button icon={<PlusOutlined />} aria-label={t('map.closer')} onClick={() => zoom(STEP)} />
        <Button
          icon={<MinusOutlined />}
          aria-label={t('map.farther')}
          disabled={k === 1}
          onClick={() => zoom(1 / STEP)}
        />
        <Button icon={<HomeOutlined />} aria-label={t('map.whole')} disabled={k === 1} onClick={whole} />
      </div>
      {over}
    </fieldset>
  );
}

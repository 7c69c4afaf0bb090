import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Corner } from '../../api/types.ts';
import type { Change, Drawing } from './drawing.ts';
import { outlineOf, type Shape, takesPoints } from './shapes.ts';

/** How far an arrow key moves a point, in 0..1 of the picture; with Shift farther. */
const STEP = 0.005;
const LONG_STEP = 0.025;
const ARROWS: Record<string, Corner> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface DrawStageProps {
  picture: { url: string; alt: string };
  drawing: Drawing;
  change: (change: Change) => void;
  /** Further things over the picture, below the points. */
  children?: ReactNode;
}

const percent = (share: number): string => `${share * 100}%`;
/** A point has no other name than its place in the outline. */
const nameOf = (what: 'point' | 'edge', place: number): string => `${what}-${place}`;
const pathOf = (points: readonly Corner[]): string => points.map(([x, y]) => `${x},${y}`).join(' ');

/**
 * A picture with what is drawn on it. Points are buttons: dragged by mouse or finger, moved by arrow keys, removed by Delete; Insert
 * adds one after it.
 */
export function DrawStage({ picture, drawing, change, children }: DrawStageProps) {
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const dragging = useRef<{ id: number; point: number; moved: boolean } | undefined>(undefined);
  // The point that is removed takes the focus with it: the one before it gets it.
  const refocus = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (refocus.current === undefined) return;
    stage.current?.querySelectorAll<HTMLElement>('.draw-point')[refocus.current]?.focus();
    refocus.current = undefined;
  });
  const { shapes, selected } = drawing;
  const placeOf = (event: PointerEvent): Corner => {
    const box = stage.current?.getBoundingClientRect();
    if (box === undefined) return [0, 0];
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const onKey = (event: KeyboardEvent, shape: Shape, point: number) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    const [x, y] = shape.points[point] ?? [0, 0];
    if (dx !== 0 || dy !== 0) {
      const step = event.shiftKey ? LONG_STEP : STEP;
      // Keys that are held down are one movement.
      change({
        type: 'move',
        id: shape.id,
        point,
        to: [x + dx * step, y + dy * step],
        continued: event.repeat,
      });
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      refocus.current = Math.max(0, point - 1);
      change({ type: 'remove_point', id: shape.id, point });
    } else if ((event.key === 'Insert' || event.key === '+') && takesPoints(shape.layer)) {
      change({ type: 'insert', id: shape.id, after: point });
    } else return;
    event.preventDefault();
  };
  const active = shapes.find(({ id }) => id === selected);
  return (
    <div className="draw-stage" ref={stage}>
      <img src={picture.url} alt={picture.alt} draggable={false} />
      {children}
      <svg className="draw-shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {shapes.map((shape) => {
          const className = `draw-shape draw-${shape.layer}${shape.id === selected ? ' draw-selected' : ''}`;
          const choose = () => change({ type: 'select', id: shape.id });
          return shape.layer === 'metre' ? (
            <polyline
              key={shape.id}
              className={className}
              points={pathOf(shape.points)}
              onPointerDown={choose}
            />
          ) : (
            <polygon
              key={shape.id}
              className={className}
              points={pathOf(outlineOf(shape))}
              onPointerDown={choose}
            />
          );
        })}
      </svg>
      {shapes.map((shape) => {
        const [x = 0, y = 0] = outlineOf(shape)[0] ?? [];
        return (
          <span
            key={shape.id}
            className={`draw-label draw-label-${shape.layer}`}
            style={{ left: percent(Math.min(x, 0.85)), top: percent(Math.min(y, 0.94)) }}
            aria-hidden="true"
          >
            {t(`onboard.layer.${shape.layer}`)}
          </span>
        );
      })}
      {active?.points.map(([x, y], point) => (
        <button
          key={nameOf('point', point)}
          type="button"
          className="draw-point"
          style={{ left: percent(x), top: percent(y) }}
          aria-label={t('onboard.draw.point', {
            layer: t(`onboard.layer.${active.layer}`),
            number: point + 1,
            x: Math.round(x * 100),
            y: Math.round(y * 100),
          })}
          onKeyDown={(event) => onKey(event, active, point)}
          onPointerDown={(event) => {
            event.currentTarget.focus();
            event.currentTarget.setPointerCapture(event.pointerId);
            dragging.current = { id: active.id, point, moved: false };
          }}
          onPointerMove={(event) => {
            const drag = dragging.current;
            if (drag === undefined) return;
            change({
              type: 'move',
              id: drag.id,
              point: drag.point,
              to: placeOf(event),
              continued: drag.moved,
            });
            drag.moved = true;
          }}
          onPointerUp={() => {
            dragging.current = undefined;
          }}
          onPointerCancel={() => {
            dragging.current = undefined;
          }}
        />
      ))}
      {active !== undefined &&
        takesPoints(active.layer) &&
        active.points.map(([x, y], point) => {
          const [nx, ny] = active.points[(point + 1) % active.points.length] ?? [x, y];
          return (
            <button
              key={nameOf('edge', point)}
              type="button"
              tabIndex={-1}
              className="draw-edge"
              style={{ left: percent((x + nx) / 2), top: percent((y + ny) / 2) }}
              aria-label={t('onboard.draw.addPoint', { number: point + 1 })}
              onClick={() => change({ type: 'insert', id: active.id, after: point })}
            >
              +
            </button>
          );
        })}
    </div>
  );
}

import { type DragEvent, type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Point } from './outline.ts';
import type { ViewControl } from './use-view.ts';

/** Pixels after which a press is a drag and no click. */
const DRAG_PX = 4;
const WHEEL_STEP = 0.0015;

/**
 * Dragging, pinching and the wheel. The wheel scrolls the page, as ever, until somebody has pressed the map, or holds Ctrl (as a pinch
 * on a touch pad does).
 */
export function useGestures(ref: RefObject<SVGSVGElement | null>, control: ViewControl) {
  const { zoom, move } = control;
  const pointers = useRef(new Map<number, Point>());
  const pressed = useRef<{ at: Point; dragging: boolean } | null>(null);
  const engaged = useRef(false);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !engaged.current) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      zoom(Math.exp(-event.deltaY * lines * WHEEL_STEP * (event.ctrlKey ? 4 : 1)), {
        x: event.clientX - box.left,
        y: event.clientY - box.top,
      });
    };
    // React listens passively: the page would scroll along.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref, zoom]);

  const here = ({ clientX: x, clientY: y }: PointerEvent): Point => ({ x, y });
  return {
    onPointerDown(event: PointerEvent<SVGSVGElement>) {
      if (event.button !== 0) return;
      engaged.current = true;
      pointers.current.set(event.pointerId, here(event));
      pressed.current = { at: here(event), dragging: pointers.current.size > 1 };
    },
    onPointerMove(event: PointerEvent<SVGSVGElement>) {
      const before = pointers.current.get(event.pointerId);
      const press = pressed.current;
      if (before === undefined || press === null) return;
      const now = here(event);
      if (!press.dragging && Math.hypot(now.x - press.at.x, now.y - press.at.y) < DRAG_PX) return;
      if (!press.dragging) {
        press.dragging = true;
        // From here on what is below gets no click.
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      pointers.current.set(event.pointerId, now);
      if (other === undefined) {
        move(now.x - before.x, now.y - before.y);
        return;
      }
      const box = event.currentTarget.getBoundingClientRect();
      const [was, is] = [
        Math.hypot(before.x - other.x, before.y - other.y),
        Math.hypot(now.x - other.x, now.y - other.y),
      ];
      if (was > 0)
        zoom(is / was, { x: (now.x + other.x) / 2 - box.left, y: (now.y + other.y) / 2 - box.top });
    },
    onPointerUp(event: PointerEvent<SVGSVGElement>) {
      pointers.current.delete(event.pointerId);
    },
    onPointerCancel(event: PointerEvent<SVGSVGElement>) {
      pointers.current.delete(event.pointerId);
    },
    onPointerLeave(event: PointerEvent<SVGSVGElement>) {
      pointers.current.delete(event.pointerId);
      engaged.current = false;
    },
    /** Links would be dragged away otherwise. */
    onDragStart(event: DragEvent<SVGSVGElement>) {
      event.preventDefault();
    },
    /** A drag that ends over something is no click on it. */
    onClickCapture(event: MouseEvent<SVGSVGElement>) {
      // Of the keyboard.
      if (event.detail === 0 || pressed.current?.dragging !== true) return;
      event.preventDefault();
      event.stopPropagation();
      pressed.current = null;
    },
  };
}

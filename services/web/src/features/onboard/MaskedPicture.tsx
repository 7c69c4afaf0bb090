import type { Camera } from '../../api/camera-types.ts';
import { outlineOf, shapesOf } from './shapes.ts';
import './draw.css';

/** A picture of the camera with its privacy masks where they lie today: they stay when it looks elsewhere. */
export function MaskedPicture({ camera, url, alt }: { camera: Camera; url: string; alt: string }) {
  const masks = shapesOf(camera).filter(({ layer }) => layer === 'privacy');
  return (
    <div className="draw-stage">
      <img src={url} alt={alt} />
      <svg className="draw-shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {masks.map((mask) => (
          <polygon
            key={mask.id}
            className="draw-shape draw-privacy"
            points={outlineOf(mask)
              .map(([x, y]) => `${x},${y}`)
              .join(' ')}
          />
        ))}
      </svg>
    </div>
  );
}

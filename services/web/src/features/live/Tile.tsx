import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import type { SmallWidth } from '../../api/steady-url.ts';
import { Link } from '../../ui/Link.tsx';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { causeText } from '../cameras/cause.ts';
import { LivePicture } from './LivePicture.tsx';

interface TileProps {
  camera: Camera;
  answeredMs: number;
  address: string;
  /** It is one of many: a small copy does. */
  small: SmallWidth | undefined;
}

/** One place of the wall. Its state is said only where it is not well: then with the cause. */
export function Tile({ camera, answeredMs, address, small }: TileProps) {
  const { t } = useTranslation();
  const { state, cause } = camera.status;
  return (
    <li className="live-tile">
      <Link to={address} className="live-tile-link">
        <LivePicture camera={camera} answeredMs={answeredMs} small={small} />
        <span className="live-tile-name">
          <b>{camera.merchant.name}</b>
          <span>{camera.name}</span>
        </span>
        {state !== 'online' && (
          <span className="live-tile-state">
            <CameraTag state={state} />
            {cause !== '' && <span>{causeText(t, cause)}</span>}
          </span>
        )}
      </Link>
    </li>
  );
}

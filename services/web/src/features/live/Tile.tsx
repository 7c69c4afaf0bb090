import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import type { SmallWidth } from '../../api/steady-url.ts';
import { Link } from '../../ui/Link.tsx';
import { CameraTag } from '../cameras/CameraTag.tsx';
import { causeText } from '../cameras/cause.ts';
import { LivePicture } from './LivePicture.tsx';
import { LiveVideo } from './video/LiveVideo.tsx';
import type { Play } from './video/live-state.ts';
import type { WallPlayer } from './video/wall-player.ts';

interface TileProps {
  camera: Camera;
  answeredMs: number;
  address: string;
  /** It is one of many: a small copy does. */
  small: SmallWidth | undefined;
  /** Carries the videos of all tiles. */
  player: WallPlayer;
}

/** One place of the wall. Its state is said only where it is not well: then with the cause. */
export function Tile({ camera, answeredMs, address, small, player }: TileProps) {
  const { t } = useTranslation();
  const { code } = camera;
  const play = useCallback<Play>((video, onState) => player.show(code, video, onState), [player, code]);
  const { state, cause } = camera.status;
  return (
    <li className="live-tile">
      <Link to={address} className="live-tile-link">
        {camera.source === 'rtsp' ? (
          <LiveVideo camera={camera} answeredMs={answeredMs} play={play} tile={{ small }} />
        ) : (
          <LivePicture camera={camera} answeredMs={answeredMs} small={small} />
        )}
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

import { type Ref, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { Tile } from './Tile.tsx';
import { createWallPlayer, type WallPlayer } from './video/wall-player.ts';
import { addressOf, type Wall } from './wall-address.ts';

interface WallGridProps {
  ref: Ref<HTMLUListElement>;
  wall: Wall;
  cameras: readonly Camera[];
  answeredMs: number;
}

/** The cameras of a wall side by side; all their videos come over one connection. */
export function WallGrid({ ref, wall, cameras, answeredMs }: WallGridProps) {
  const { t } = useTranslation();
  const [player, setPlayer] = useState<WallPlayer>();
  useEffect(() => {
    const mine = createWallPlayer();
    setPlayer(mine);
    return () => mine.close();
  }, []);
  useEffect(() => player?.arrange(cameras.map(({ code }) => code)), [player, cameras]);
  return (
    <ul ref={ref} className={`live-wall live-wall-${wall.size}`} aria-label={t('wall.title')}>
      {player !== undefined &&
        cameras.map((camera) => (
          <Tile
            key={camera.id}
            camera={camera}
            answeredMs={answeredMs}
            small={wall.size > 4 ? 640 : undefined}
            address={addressOf({ ...wall, camera: camera.code })}
            player={player}
          />
        ))}
    </ul>
  );
}

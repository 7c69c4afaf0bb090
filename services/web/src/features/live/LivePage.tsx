import { ExpandOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { DrawBar } from './DrawBar.tsx';
import { LiveGate } from './LiveGate.tsx';
import { Single } from './Single.tsx';
import { useWall } from './use-wall.ts';
import { WallChoice } from './WallChoice.tsx';
import { WallGrid } from './WallGrid.tsx';
import { addressOf, wallOf } from './wall-address.ts';
import './wall.css';

/** 实时巡查: a wall of cameras, chosen or drawn; one of them large. */
export function LivePage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const wall = wallOf(search);
  const { items, answeredMs, next, draw, pending, error, late, retry } = useWall(wall);
  const grid = useRef<HTMLUListElement>(null);
  const at = items.findIndex(({ code }) => code === wall.camera);
  const open = items[at];
  const show = (camera: string | undefined): void =>
    navigate(addressOf({ ...wall, camera }), { replace: wall.camera !== undefined });
  return (
    <div className="live-page">
      <div className="live-head">
        <h1>{t('wall.title')}</h1>
        <WallChoice key={wall.search} wall={wall} />
        <DrawBar wall={wall} draw={draw} />
        <span className="live-head-tools">
          {wall.after !== undefined && (
            <Button onClick={() => navigate(addressOf({ ...wall, after: undefined, camera: undefined }))}>
              {t('wall.first')}
            </Button>
          )}
          {wall.draw === undefined && next !== undefined && (
            <Button onClick={() => navigate(addressOf({ ...wall, after: next, camera: undefined }))}>
              {t('wall.more')}
            </Button>
          )}
          {open === undefined && items.length > 0 && (
            <Button
              className="live-full"
              icon={<ExpandOutlined />}
              aria-label={t('wall.full')}
              title={t('wall.full')}
              onClick={() => void grid.current?.requestFullscreen()}
            />
          )}
        </span>
      </div>
      <LiveGate />
      {late && <StaleStrip since={answeredMs} onRetry={retry} />}
      {pending ? (
        <Bones lines={8} />
      ) : error !== null ? (
        <Failure what="cameras" error={error} onRetry={retry} />
      ) : items.length === 0 ? (
        <Note title={t('wall.empty')} />
      ) : open !== undefined ? (
        <Single
          key={open.id}
          camera={open}
          answeredMs={answeredMs}
          onStep={(by) => show(items.at((at + by) % items.length)?.code)}
          onClose={() => show(undefined)}
        />
      ) : (
        <WallGrid ref={grid} wall={wall} cameras={items} answeredMs={answeredMs} />
      )}
    </div>
  );
}

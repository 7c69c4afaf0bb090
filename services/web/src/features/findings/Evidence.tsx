import { BorderOutlined, ExpandOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver, steadyUrl } from '../../api/steady-url.ts';
import type { FindingDetail, Evidence as Item } from '../../api/types.ts';
import { ClipPlayer } from './ClipPlayer.tsx';
import { LookStrip } from './LookStrip.tsx';
import type { EvidenceLook } from './looks.ts';
import { Stage } from './Stage.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { useLookPlayer } from './use-look-player.ts';
import { WHOLE, zoomOnto, zoomTargets } from './zoom.ts';

interface EvidenceProps {
  finding: FindingDetail;
  look: EvidenceLook;
  /** The picture that people judge by is here, or is known not to come. */
  onSettled: () => void;
  /** The address of a picture ran out. */
  onOver: () => void;
  onFrame: (frame: Item | undefined) => void;
}

/** Where to begin: the frame that the list shows, else the first one with the violation. */
function firstFrame(finding: FindingDetail, look: EvidenceLook): number {
  const best = look.frames.findIndex(({ id }) => id === finding.frame?.id);
  if (best >= 0) return best;
  const shown = look.frames.findIndex((frame) => frame.detections.some(({ verdict }) => verdict === 'yes'));
  return Math.max(0, shown);
}

/** Pictures and clip of one look. */
export function Evidence({ finding, look, onSettled, onOver, onFrame }: EvidenceProps) {
  const { t } = useTranslation();
  const [showBoxes, setShowBoxes] = useState(true);
  // 0: the whole picture; 1: the surest violation; 2: the next one, …
  const [zoomStep, setZoomStep] = useState(0);
  const [clipOf, setClipOf] = useState<string>();
  const { frames, clip } = look;
  const player = useLookPlayer(look.id, frames.length, firstFrame(finding, look));
  const frame = frames[player.index];
  const targets = zoomTargets(frame?.detections ?? []);
  const target = targets[Math.min(zoomStep, targets.length) - 1];
  const nextZoom = (): void => setZoomStep((step) => (step >= targets.length ? 0 : step + 1));
  const zoomWord = zoomStep >= targets.length && zoomStep > 0 ? 'stage.unzoom' : 'stage.zoom';
  const showsClip = clip !== null && clipOf === look.id;

  useEffect(() => onFrame(frame), [frame, onFrame]);
  useEffect(() => {
    if (frame === undefined) onSettled();
  }, [frame, onSettled]);
  useDeskKeys({
    arrowleft: () => player.step(-1),
    arrowright: () => player.step(1),
    b: () => setShowBoxes((shown) => !shown),
    z: nextZoom,
  });

  return (
    <div className="evidence">
      {showsClip ? (
        <ClipPlayer clip={clip} />
      ) : frame === undefined ? (
        <div className="stage">
          <p className="clip-message">{t('stage.noFrames')}</p>
        </div>
      ) : (
        <Stage
          frame={frame}
          cameraName={finding.camera?.name ?? finding.zone.name}
          showBoxes={showBoxes}
          zoom={target === undefined ? WHOLE : zoomOnto(target)}
          onSettled={(loaded) => {
            if (!loaded && isOver(frame.url)) onOver();
            onSettled();
          }}
        />
      )}
      <div className="evidence-bar">
        {clip !== null && (
          <Segmented
            size="small"
            aria-label={t('clip.label')}
            value={showsClip ? 'clip' : 'pictures'}
            onChange={(value) => setClipOf(value === 'clip' ? look.id : undefined)}
            options={[
              { value: 'pictures', label: t('stage.pictures') },
              { value: 'clip', label: t('stage.clip') },
            ]}
          />
        )}
        <button
          type="button"
          className="mini"
          aria-pressed={showBoxes}
          title={`${t('stage.boxesHint')} (B)`}
          onClick={() => setShowBoxes(!showBoxes)}
        >
          <BorderOutlined aria-hidden /> {t('stage.boxes')}
        </button>
        <button
          type="button"
          className="mini"
          aria-pressed={target !== undefined}
          title={`${t(zoomWord)} (Z)`}
          disabled={targets.length === 0}
          onClick={nextZoom}
        >
          {zoomWord === 'stage.unzoom' ? <ZoomOutOutlined aria-hidden /> : <ZoomInOutlined aria-hidden />}
          {t(zoomWord)}
          {target !== undefined && (
            <span className="num">
              {Math.min(zoomStep, targets.length)}/{targets.length}
            </span>
          )}
        </button>
        {frame !== undefined && (
          <a className="mini" href={steadyUrl(frame.url)} target="_blank" rel="noreferrer">
            <ExpandOutlined aria-hidden /> {t('stage.fullSize')}
          </a>
        )}
        <span className="evidence-count" aria-live="polite">
          {frame !== undefined && t('stage.detections', { count: frame.detections.length })}
        </span>
      </div>
      {frames.length > 0 && (
        <LookStrip
          frames={frames}
          kind={finding.kind}
          current={player.index}
          playing={player.playing}
          onChoose={(index) => {
            setClipOf(undefined);
            player.choose(index);
          }}
          onPlay={() => {
            setClipOf(undefined);
            player.togglePlay();
          }}
        />
      )}
    </div>
  );
}

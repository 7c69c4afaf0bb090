import { BorderOutlined, ExpandOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingDetail, Evidence as Item } from '../../api/finding-types.ts';
import { isOver, steadyUrl } from '../../api/steady-url.ts';
import { ClipMessage } from './ClipMessage.tsx';
import { ClipStage } from './ClipStage.tsx';
import { isHevc } from './codec.ts';
import { LookStrip } from './LookStrip.tsx';
import type { EvidenceLook } from './looks.ts';
import { Stage } from './Stage.tsx';
import { type DeskKeys, useDeskKeys } from './use-desk-keys.ts';
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

/** Clip and pictures of one look: the clip plays at once, where there is one that plays. */
export function Evidence({ finding, look, onSettled, onOver, onFrame }: EvidenceProps) {
  const { t } = useTranslation();
  const [showBoxes, setShowBoxes] = useState(true);
  // 0: the whole picture; 1: the surest violation; 2: the next one, …
  const [zoomStep, setZoomStep] = useState(0);
  const { frames, clip } = look;
  const [failed, setFailed] = useState<string>();
  const playable = clip !== null && !isHevc(clip.codec ?? '') && failed !== clip.id;
  // What the inspector chose for this look; without a choice the clip.
  const [choice, setChoice] = useState<{ look: string; view: 'clip' | 'pictures' }>();
  const view = choice?.look === look.id ? choice.view : playable ? 'clip' : 'pictures';
  const setView = (to: 'clip' | 'pictures'): void => setChoice({ look: look.id, view: to });
  const showsClip = clip !== null && view === 'clip';
  const player = useLookPlayer(look.id, frames.length, firstFrame(finding, look));
  const [clipAt, setClipAt] = useState<number>();
  const [chosen, setChosen] = useState<{ index: number }>();
  const frame = frames[player.index];
  const targets = zoomTargets(frame?.detections ?? []);
  const target = targets[Math.min(zoomStep, targets.length) - 1];
  const nextZoom = (): void => {
    setView('pictures');
    setZoomStep((step) => (step >= targets.length ? 0 : step + 1));
  };
  const zoomWord = zoomStep >= targets.length && zoomStep > 0 ? 'stage.unzoom' : 'stage.zoom';

  useEffect(() => onFrame(frame), [frame, onFrame]);
  useEffect(() => {
    if (frame === undefined && !playable) onSettled();
  }, [frame, playable, onSettled]);
  const pictureKeys: DeskKeys = { arrowleft: () => player.step(-1), arrowright: () => player.step(1) };
  useDeskKeys({
    ...(showsClip && playable ? {} : pictureKeys),
    b: () => setShowBoxes((shown) => !shown),
    z: nextZoom,
    v: () => clip !== null && setView(showsClip ? 'pictures' : 'clip'),
  });

  /** To the moment of a frame in the clip, if it holds it; else to the picture. */
  const choose = (index: number): void => {
    const to = frames[index];
    const within =
      to !== undefined && clip?.to != null && to.capturedAt >= clip.capturedAt && to.capturedAt <= clip.to;
    if (showsClip && playable && within) setChosen({ index });
    else setView('pictures');
    player.choose(index);
  };

  return (
    <div className="evidence">
      {showsClip && playable ? (
        <ClipStage
          key={clip.id}
          clip={clip}
          frames={frames}
          kind={finding.kind}
          showBoxes={showBoxes}
          chosen={chosen}
          onReady={onSettled}
          onFailed={() => {
            if (isOver(clip.url)) onOver();
            else setFailed(clip.id);
          }}
          onAt={setClipAt}
        />
      ) : showsClip ? (
        <ClipMessage clip={clip} />
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
            value={view}
            onChange={(value) => setView(value === 'clip' ? 'clip' : 'pictures')}
            options={[
              { value: 'clip', label: t('stage.clip') },
              { value: 'pictures', label: t('stage.pictures') },
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
          aria-pressed={!showsClip && target !== undefined}
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
        <span className="evidence-count">
          {frame !== undefined && t('stage.detections', { count: frame.detections.length })}
        </span>
      </div>
      {frames.length > 0 && (
        <LookStrip
          frames={frames}
          strip={look.strip}
          kind={finding.kind}
          current={showsClip && playable ? clipAt : player.index}
          play={
            showsClip && playable
              ? undefined
              : {
                  playing: player.playing,
                  toggle() {
                    setView('pictures');
                    player.togglePlay();
                  },
                }
          }
          onChoose={choose}
        />
      )}
    </div>
  );
}

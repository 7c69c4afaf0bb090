import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { steadyUrl } from '../../api/steady-url.ts';
import type { Task, TaskDetail } from '../../api/task-types.ts';
import { Boxes } from '../../ui/Boxes.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { problemText } from './problem.ts';

/** What the camera saw: the picture with what it is about; the clip only when it is wanted, since phones pay for bytes. */
export function Shown({ task, detail }: { task: Task; detail: TaskDetail | undefined }) {
  const { t } = useTranslation();
  const [playing, setPlaying] = useState(false);
  const [unplayable, setUnplayable] = useState(false);
  const clip = detail?.evidence.find(({ kind }) => kind === 'clip');
  const { frame } = task;
  if (playing && clip !== undefined && !unplayable) {
    return (
      <div className="todo-shown">
        <video
          src={steadyUrl(clip.url)}
          aria-label={t('clip.label')}
          controls
          autoPlay
          muted
          loop
          playsInline
          onError={() => setUnplayable(true)}
        >
          <track kind="captions" />
        </video>
      </div>
    );
  }
  if (frame === null) return <p className="todo-none">{t('merchant.noPicture')}</p>;
  return (
    <div className="todo-shown">
      <Picture
        url={frame.url}
        alt={problemText(t, task)}
        width={frame.width ?? 16}
        height={frame.height ?? 9}
        eager
      />
      <Boxes detections={frame.detections.filter(({ verdict }) => verdict === 'yes')} />
      {clip !== undefined && !unplayable && (
        <button type="button" className="todo-play" onClick={() => setPlaying(true)}>
          ▶ {t('merchant.play')}
        </button>
      )}
      {unplayable && <p className="todo-none">{t('clip.failed')}</p>}
    </div>
  );
}

import { DownloadOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { steadyUrl } from '../../api/steady-url.ts';
import type { Evidence } from '../../api/types.ts';

const isHevc = (codec: string): boolean => /^(hevc|h\.?265|hvc1|hev1)/i.test(codec);

/** ±5 s around the look. What this browser cannot play is offered for download, in plain words. */
export function ClipPlayer({ clip }: { clip: Evidence }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState<string>();
  const url = steadyUrl(clip.url);
  const unplayable = isHevc(clip.codec ?? '');
  if (!unplayable && failed !== url) {
    return (
      <div className="stage">
        <video
          className="clip"
          key={url}
          src={url}
          aria-label={t('clip.label')}
          controls
          muted
          loop
          autoPlay
          playsInline
          onError={() => setFailed(url)}
        >
          <track kind="captions" />
        </video>
      </div>
    );
  }
  return (
    <div className="stage">
      <div className="clip-message">
        <p>{t(unplayable ? 'clip.hevc' : 'clip.failed')}</p>
        <a href={url} download className="clip-download">
          <DownloadOutlined aria-hidden /> {t('clip.download')}
        </a>
      </div>
    </div>
  );
}

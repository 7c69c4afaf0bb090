import { DownloadOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../api/finding-types.ts';
import { steadyUrl } from '../../api/steady-url.ts';
import { isHevc } from './codec.ts';

/** What this browser cannot play is offered for download, in plain words. */
export function ClipMessage({ clip }: { clip: Evidence }) {
  const { t } = useTranslation();
  return (
    <div className="stage">
      <div className="clip-message">
        <p>{t(isHevc(clip.codec ?? '') ? 'clip.hevc' : 'clip.failed')}</p>
        <a href={steadyUrl(clip.url)} download className="clip-download">
          <DownloadOutlined aria-hidden /> {t('clip.download')}
        </a>
      </div>
    </div>
  );
}

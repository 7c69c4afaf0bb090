import { CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from '../../ui/Link.tsx';

export interface NoticeText {
  text: string;
  bad: boolean;
  /** Where to look at what it speaks of. */
  address?: string;
  /** What can be done about it for a while. */
  action?: { label: string; key?: string; run: () => void };
}

/** The last thing that happened to a verdict: said to eyes and ears, in the way of nobody. */
export function Notice({ notice, onClose }: { notice: NoticeText | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="notices" role="status" aria-live="polite">
      {notice && (
        <div className={notice.bad ? 'notice notice-bad' : 'notice'}>
          <span>{notice.text}</span>
          {notice.address !== undefined && (
            <Link to={notice.address} onClick={onClose}>
              {t('judge.look')}
            </Link>
          )}
          {notice.action !== undefined && (
            <button type="button" className="notice-action" onClick={notice.action.run}>
              {notice.action.label}
              {notice.action.key !== undefined && <kbd>{notice.action.key}</kbd>}
            </button>
          )}
          <button type="button" className="notice-close" onClick={onClose} aria-label={t('cameras.close')}>
            <CloseOutlined />
          </button>
        </div>
      )}
    </div>
  );
}

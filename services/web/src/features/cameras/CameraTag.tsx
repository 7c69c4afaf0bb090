import { useTranslation } from 'react-i18next';
import type { CameraState } from '../../api/types.ts';

const TONE: Record<CameraState, string> = {
  online: 'tag-good',
  offline: 'tag-bad',
  frozen: 'tag-warn',
  closed: '',
  unknown: '',
};

export function CameraTag({ state }: { state: CameraState }) {
  const { t } = useTranslation();
  return <span className={`tag tag-dot ${TONE[state]}`}>{t(`cameraState.${state}`)}</span>;
}

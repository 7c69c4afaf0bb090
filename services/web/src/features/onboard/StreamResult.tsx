import { CheckCircleFilled, CloseCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { StreamAnswer } from '../../api/onboard-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Moment } from '../../ui/Times.tsx';
import { causeText } from '../cameras/cause.ts';
import { hintText } from './hint.ts';
import './probe.css';
import type { ProbeState } from './use-probe.ts';

function Line({ name, answer }: { name: string; answer: StreamAnswer }) {
  const { t } = useTranslation();
  if (!answer.ok) {
    return (
      <li className="probe-line probe-bad">
        <CloseCircleFilled aria-hidden />
        <div>
          <b>{t('onboard.probe.failed', { stream: name, why: causeText(t, answer.cause) })}</b>
          <p>{hintText(t, answer.cause)}</p>
        </div>
      </li>
    );
  }
  const { codec, width, height, framesPerS, tookMs } = answer;
  return (
    <li className="probe-line probe-good">
      <CheckCircleFilled aria-hidden />
      <div>
        <b>{t('onboard.probe.fine', { stream: name })}</b>
        <p className="num">
          {codec.toUpperCase()} · {width}×{height}
          {framesPerS !== null && ` · ${t('onboard.probe.rate', { count: framesPerS })}`}
          {` · ${t('onboard.probe.took', { seconds: (tookMs / 1000).toFixed(1) })}`}
        </p>
        {codec === 'h265' && <p>{t('onboard.probe.h265')}</p>}
      </div>
    </li>
  );
}

/** What a test of a connection found, with the first picture; while it runs, that it does. */
export function StreamResult({ state, showPicture = true }: { state: ProbeState; showPicture?: boolean }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { probe, testing, error } = state;
  return (
    <div className="probe" role="status" aria-live="polite">
      {error !== null && <p className="bad">{why(error)}</p>}
      {testing && error === null && (
        <p className="probe-running">
          <LoadingOutlined aria-hidden />{' '}
          {t(probe?.unheard ? 'onboard.probe.unheard' : 'onboard.probe.running')}
        </p>
      )}
      {probe?.state === 'done' && probe.main !== null && (
        <ul className="probe-lines">
          <Line name={t('onboard.main')} answer={probe.main} />
          {probe.sub !== null && <Line name={t('onboard.sub')} answer={probe.sub} />}
        </ul>
      )}
      {showPicture && probe?.picture != null && (
        <figure className="probe-picture">
          <img src={probe.picture.url} alt={t('onboard.probe.picture')} />
          <figcaption>
            <Moment at={probe.picture.at} />
          </figcaption>
        </figure>
      )}
    </div>
  );
}

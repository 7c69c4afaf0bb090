import { useTranslation } from 'react-i18next';
import { CAMERA_STATES } from '../../api/types.ts';
import { Link } from '../../ui/Link.tsx';
import { causeText } from '../cameras/cause.ts';
import { Fact, Facts, Part } from './Part.tsx';
import type { SystemState } from './types.ts';

/** Cameras by state and cause; each number opens the list behind it. */
export function Cameras({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { watched, disabled, by } = state.cameras;
  return (
    <Part part="cameras" level={state.parts.cameras}>
      <Facts>
        <Fact name={t('system.camera.watched')}>{watched}</Fact>
        <Fact name={t('system.camera.disabled')}>{disabled}</Fact>
      </Facts>
      <ul className="system-states">
        {CAMERA_STATES.map((one) => {
          const rows = by.filter((row) => row.state === one);
          const count = rows.reduce((sum, row) => sum + row.count, 0);
          if (count === 0) return null;
          return (
            <li key={one}>
              <Link to={`/cameras?state=${one}&enabled=true`} className="system-count">
                <span className={`tag tag-dot ${TONES[one]}`}>{t(`cameraState.${one}`)}</span>
                <b className="num">{count}</b>
              </Link>
              <ul>
                {rows.map(
                  ({ cause, count: some }) =>
                    cause !== '' && (
                      <li key={cause}>
                        <Link
                          to={`/cameras?state=${one}&enabled=true&cause=${encodeURIComponent(cause)}`}
                          className="system-count"
                        >
                          <span>{causeText(t, cause)}</span> <span className="num">{some}</span>
                        </Link>
                      </li>
                    ),
                )}
              </ul>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

const TONES = {
  online: 'tag-good',
  offline: 'tag-bad',
  frozen: 'tag-warn',
  closed: '',
  unknown: '',
} as const;

export function Gateways({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { online, offline, unknown, disabled } = state.gateways;
  return (
    <Part part="gateways" level={state.parts.gateways}>
      <Facts>
        <Fact name={t('gatewayState.online')}>{online}</Fact>
        <Fact name={t('gatewayState.offline')} bad={offline > 0}>
          {offline}
        </Fact>
        <Fact name={t('gatewayState.unknown')}>{unknown}</Fact>
        <Fact name={t('gateways.disabled')}>{disabled}</Fact>
      </Facts>
      <p className="system-more">
        <Link to="/gateways">{t('system.gateway.open')}</Link>
      </p>
    </Part>
  );
}

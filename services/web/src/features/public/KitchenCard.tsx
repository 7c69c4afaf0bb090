import { useTranslation } from 'react-i18next';
import { Link } from '../../ui/Link.tsx';
import type { PublicCamera, PublicKitchen } from './types.ts';

const MINUTE_MS = 60_000;

interface KitchenCardProps {
  kitchen: PublicKitchen;
  /** All cameras and entries, on the kitchen's own page. */
  whole?: boolean;
}

/** A kitchen with its honest state: a picture only where there is one of now. */
export function KitchenCard({ kitchen, whole = false }: KitchenCardProps) {
  const { t } = useTranslation();
  const { code, name, region, licenceNo, because, cameras, listings } = kitchen;
  const shown = whole ? cameras : cameras.slice(0, 1);
  const title = whole ? <h1>{name}</h1> : <h2>{name}</h2>;
  return (
    <article className={whole ? 'public-kitchen public-whole' : 'public-kitchen'}>
      <div className="public-cameras">
        {shown.map((camera) => (
          <CameraView key={camera.id} camera={camera} of={name} />
        ))}
      </div>
      <div className="public-facts">
        {whole ? title : <Link to={`/open/${code}`}>{title}</Link>}
        <p>
          {region} · {t(`public.because.${because}`)}
        </p>
        <p>{licenceNo === null ? t('public.noLicence') : t('public.licence', { no: licenceNo })}</p>
        {listings.map((entry) => (
          <p key={entry.id} className={`public-list public-${entry.list}`}>
            <b>{t(`public.list.${entry.list}`)}</b> {whole && entry.text}
          </p>
        ))}
      </div>
    </article>
  );
}

function CameraView({ camera, of }: { camera: PublicCamera; of: string }) {
  const { t, i18n } = useTranslation();
  const { state, picture, takenAt, since, withheldBecause } = camera;
  const zone = t(`zone.${camera.zoneKind as 'cooking'}`);
  const minutes =
    takenAt === null ? 0 : Math.max(1, Math.round((Date.now() - Date.parse(takenAt)) / MINUTE_MS));
  const age = new Intl.NumberFormat(i18n.language, {
    style: 'unit',
    unit: 'minute',
    unitDisplay: 'long',
  }).format(minutes);
  const words =
    state === 'shown'
      ? t('public.state.shown', { age })
      : state === 'offline'
        ? since === null
          ? t('public.state.offlineNow')
          : t('public.state.offline', {
              since: new Date(since).toLocaleString(i18n.language, {
                dateStyle: 'short',
                timeStyle: 'short',
              }),
            })
        : withheldBecause === 'moved'
          ? t('public.state.withheldMoved')
          : t(`public.state.${state}`);
  return (
    <figure className="public-camera">
      {picture === null ? (
        <div className="public-no-picture" aria-hidden>
          <span>{words}</span>
        </div>
      ) : (
        <img src={picture} alt={`${of} ${zone}`} width={480} height={270} loading="lazy" decoding="async" />
      )}
      <figcaption>
        <span>{zone}</span>
        <span className={`public-state public-state-${state}`}>{words}</span>
      </figcaption>
    </figure>
  );
}

import { useTranslation } from 'react-i18next';
import { useNow } from '../../ui/clock.ts';
import { Link } from '../../ui/Link.tsx';
import { useLine } from '../../ui/use-line.ts';
import type { PublicCamera, PublicKitchen } from './types.ts';

const MINUTE_MS = 60_000;
/**
 * An answer that could not be asked for again for so long says nothing of now. By the device's clock alone: it may go wrong, and what
 * the server calls a picture of now is one.
 */
const OLD_MS = 3 * MINUTE_MS;

interface KitchenCardProps {
  kitchen: PublicKitchen;
  /** When the server said so, ms. */
  answeredMs: number;
  /** All cameras and entries, on the kitchen's own page. */
  whole?: boolean;
}

/** A kitchen with its honest state: a picture only where there is one of now. */
export function KitchenCard({ kitchen, answeredMs, whole = false }: KitchenCardProps) {
  const { t } = useTranslation();
  const { code, name, region, licenceNo, because, cameras, listings } = kitchen;
  const shown = whole ? cameras : cameras.slice(0, 1);
  const title = whole ? <h1>{name}</h1> : <h2>{name}</h2>;
  return (
    <article className={whole ? 'public-kitchen public-whole' : 'public-kitchen'}>
      <div className="public-cameras">
        {shown.map((camera) => (
          <CameraView key={camera.id} camera={camera} of={name} answeredMs={answeredMs} />
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

function ageText(ms: number, language: string): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  const [value, unit] = minutes < 120 ? [minutes, 'minute'] : [Math.floor(minutes / 60), 'hour'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

interface CameraViewProps {
  camera: PublicCamera;
  of: string;
  answeredMs: number;
}

function CameraView({ camera, of, answeredMs }: CameraViewProps) {
  const { t, i18n } = useTranslation();
  const now = useNow(10);
  const line = useLine();
  const { state, picture, takenAt, since, withheldBecause } = camera;
  const zone = t(`zone.${camera.zoneKind as 'cooking'}`);
  const old = !line || now - answeredMs > OLD_MS;
  const age = ageText(takenAt === null ? 0 : now - Date.parse(takenAt), i18n.language);
  const said =
    state === 'shown'
      ? t(old ? 'public.state.old' : 'public.state.shown', { age })
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
  const words =
    old && state !== 'shown'
      ? t('public.state.before', { age: ageText(now - answeredMs, i18n.language), said })
      : said;
  return (
    <figure className={old ? 'public-camera public-camera-old' : 'public-camera'}>
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

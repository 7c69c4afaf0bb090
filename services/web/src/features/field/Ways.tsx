import { EnvironmentOutlined, PhoneOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Stop } from '../../api/field-types.ts';

/** Call, or go there: the phone's own map opens `geo:` (RFC 5870). */
export function Ways({ stop: { merchant, phone, place, address } }: { stop: Stop }) {
  const { t } = useTranslation();
  const where =
    place !== null
      ? `geo:${place.lat},${place.lon}?q=${place.lat},${place.lon}(${encodeURIComponent(merchant.name)})`
      : address === ''
        ? null
        : `geo:0,0?q=${encodeURIComponent(`${address} ${merchant.name}`)}`;
  if (phone === '' && where === null) return null;
  return (
    <span className="ways">
      {phone !== '' && (
        <a
          className="big-link"
          href={`tel:${phone.replaceAll(' ', '')}`}
          aria-label={t('field.callWho', { name: merchant.name })}
        >
          <PhoneOutlined aria-hidden /> {t('field.call')}
        </a>
      )}
      {where !== null && (
        <a className="big-link" href={where} aria-label={t('field.goWhere', { name: merchant.name })}>
          <EnvironmentOutlined aria-hidden /> {t('field.go')}
        </a>
      )}
    </span>
  );
}

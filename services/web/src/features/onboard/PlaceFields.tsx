import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useZones } from '../../api/use-zones.ts';
import { MerchantPicker } from '../../ui/MerchantPicker.tsx';
import { NewZone } from '../../ui/NewZone.tsx';

interface PlaceFieldsProps {
  /** Codes; empty: none is chosen. */
  merchant: string;
  zone: string;
  onChange: (place: { merchant: string; zone: string }) => void;
}

/** Merchant and zone; a zone that is not there yet is added beside it. */
export function PlaceFields({ merchant, zone, onChange }: PlaceFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const zones = useZones(merchant);
  const items = zones.data ?? [];
  const [adding, setAdding] = useState(false);
  const showAdd = merchant !== '' && (adding || (zones.isSuccess && items.length === 0));
  return (
    <div className="onboard-fields">
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-merchant`}>{t('facts.merchant')}</label>
        <MerchantPicker
          id={`${id}-merchant`}
          value={merchant}
          onChange={(code) => {
            setAdding(false);
            onChange({ merchant: code, zone: '' });
          }}
        />
      </div>
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-zone`}>{t('facts.zone')}</label>
        <div className="onboard-with-button">
          <select
            id={`${id}-zone`}
            className="onboard-select"
            value={zone}
            disabled={merchant === ''}
            onChange={(event) => onChange({ merchant, zone: event.target.value })}
          >
            <option value="" disabled>
              {t('onboard.zoneHint')}
            </option>
            {items.map((one) => (
              <option key={one.id} value={one.code}>
                {t(`zone.${one.kind}`)} · {one.name}
              </option>
            ))}
          </select>
          <Button disabled={merchant === ''} aria-expanded={showAdd} onClick={() => setAdding(!adding)}>
            {t('newZone.add')}
          </Button>
        </div>
      </div>
      {showAdd && (
        <div className="onboard-wide">
          <NewZone
            merchant={merchant}
            taken={items.map(({ code }) => code)}
            onMade={(code) => {
              setAdding(false);
              onChange({ merchant, zone: code });
            }}
          />
        </div>
      )}
    </div>
  );
}

import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRegionsQuery } from '../../api/use-regions.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { lastWhole, show, useAsked } from './address.ts';
import { moved, SPANS, startOf, today } from './period.ts';
import { useSpanName } from './span-name.ts';
import { exportAddress, reportAddress } from './use-statistics.ts';

/** Which period, which region, and the same as a file. */
export function Controls() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { span, from, to, region, by, sort, order } = useAsked();
  const { timeZone } = useCurrentSession();
  const spanName = useSpanName();
  const regions = useRegionsQuery();
  const depth = (path: string): number => path.split('.').length;
  const top = Math.min(...(regions.data ?? []).map(({ path }) => depth(path)));
  const files = language === 'en' ? 'en' : 'zh';
  const file = (format: string): string =>
    exportAddress({
      format,
      language: files,
      from,
      to,
      region,
      groupBy: by,
      sort,
      order,
    });
  return (
    <div className="director-controls">
      <fieldset className="chips" aria-label={t('director.span')}>
        {SPANS.map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === span}
            onClick={() => show({ span: one, from: one === span ? from : lastWhole(one, timeZone) })}
          >
            {t(`director.spans.${one}`)}
          </button>
        ))}
      </fieldset>
      <div className="director-period">
        <Button
          icon={<LeftOutlined />}
          aria-label={t('director.earlier')}
          onClick={() => show({ span, from: moved(span, from, -1) })}
        />
        <output className="num" aria-live="polite">
          {spanName(span, from)}
        </output>
        <Button
          icon={<RightOutlined />}
          aria-label={t('director.later')}
          disabled={from >= startOf(span, today(Date.now(), timeZone))}
          onClick={() => show({ span, from: moved(span, from, 1) })}
        />
      </div>
      <Select
        className="director-region"
        aria-label={t('director.region')}
        showSearch={{ optionFilterProp: 'search' }}
        value={region ?? ''}
        loading={regions.isPending}
        onChange={(code: string) => show({ region: code === '' ? undefined : code })}
        options={[
          { value: '', label: t('director.allRegions'), search: t('director.allRegions') },
          ...(regions.data ?? []).map(({ code, name, path }) => ({
            value: code,
            label: '　'.repeat(depth(path) - top) + name,
            search: `${name} ${code}`,
          })),
        ]}
      />
      <div className="director-files">
        {span === 'month' && (
          <Button
            type="primary"
            href={reportAddress({ month: from.slice(0, 7), region, language: files })}
            download
          >
            {t('director.report')}
          </Button>
        )}
        <Button href={file('xlsx')} download>
          {t('director.xlsx')}
        </Button>
        <Button href={file('csv')} download>
          {t('director.csv')}
        </Button>
      </div>
    </div>
  );
}

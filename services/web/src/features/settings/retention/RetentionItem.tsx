import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '../../../api/use-regions.ts';
import { useCurrentSession } from '../../../app/session-context.ts';
import { useLanguage } from '../../../i18n/use-language.ts';
import { bytesText } from '../../../ui/bytes.ts';
import { useWhy } from '../../../ui/Failure.tsx';
import { useHomeRegion } from '../../../ui/RegionChoice.tsx';
import { Age } from '../../../ui/Times.tsx';
import { useMayWrite } from '../use-settings.ts';
import { Effect, RetentionForm } from './RetentionForm.tsx';
import type { RetentionBounds, RetentionDryRun, RetentionRule } from './types.ts';
import { itemText, useRetentionChange } from './use-retention.ts';

interface RetentionItemProps {
  /** For everywhere first, then regions. */
  rules: readonly [RetentionRule, ...RetentionRule[]];
  bounds: RetentionBounds;
  /** undefined: not known yet. */
  run: RetentionDryRun | undefined;
}

/** One thing that is kept: for how long, who says so, what goes next, and what regions say otherwise. */
export function RetentionItem({ rules, bounds, run }: RetentionItemProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayWrite = useMayWrite();
  const { account } = useCurrentSession();
  const home = useHomeRegion();
  const [open, setOpen] = useState<string>();
  const [first] = rules;
  const { item, since } = first;
  const everywhere = account.region === null;
  const removed = run?.removed.find((one) => one.item === item);
  const days = ({ keepDays }: RetentionRule): string =>
    keepDays === null ? t('retention.always') : t('retention.keep', { count: keepDays });
  return (
    <li className="sheet retention-item">
      <header>
        <h3>{itemText(t, item)}</h3>
        <span className="tag">{t(`retention.since.${since}`)}</span>
      </header>
      <ul className="retention-rules">
        {rules.map((rule) => (
          <Rule
            key={rule.region ?? ''}
            rule={rule}
            days={days(rule)}
            bounds={bounds}
            editable={mayWrite && (rule.region !== null || everywhere)}
            open={open === (rule.region ?? '')}
            onOpen={(is) => setOpen(is ? (rule.region ?? '') : undefined)}
          />
        ))}
      </ul>
      {mayWrite && since !== 'written' && (
        <Button
          size="small"
          type="text"
          aria-expanded={open === '+'}
          onClick={() => setOpen(open === '+' ? undefined : '+')}
        >
          {t('retention.addRegion')}
        </Button>
      )}
      {open === '+' && (
        <RetentionForm
          rule={{ ...first, region: home }}
          bounds={bounds}
          asksRegion
          onClose={() => setOpen(undefined)}
        />
      )}
      <p className="settings-quiet">{t(`retention.least.${bounds.source}`, { days: bounds.leastDays })}</p>
      {run !== undefined && (everywhere || since !== 'written') && (
        <p className="retention-next">
          {t('retention.next')}{' '}
          <Effect due={run.items.find((one) => one.item === item && one.since === since)} />
        </p>
      )}
      {removed !== undefined && (
        <p className="settings-quiet">
          {t('retention.removed', {
            count: removed.count,
            size:
              removed.bytes === null ? '' : t('retention.size', { size: bytesText(removed.bytes, language) }),
          })}{' '}
          <Age at={removed.lastAt} />
        </p>
      )}
    </li>
  );
}

interface RuleProps {
  rule: RetentionRule;
  days: string;
  bounds: RetentionBounds;
  editable: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
}

function Rule({ rule, days, bounds, editable, open, onOpen }: RuleProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const regions = useRegions();
  const { remove } = useRetentionChange();
  const where =
    rule.region === null
      ? t('settings.everywhere')
      : (regions.find(({ code }) => code === rule.region)?.name ?? rule.region);
  return (
    <li>
      <p className="retention-rule">
        <span>{where}</span>
        <b>{days}</b>
        {editable && (
          <Button
            size="small"
            aria-expanded={open}
            aria-label={`${t('settings.edit')} ${itemText(t, rule.item)} ${where}`}
            onClick={() => onOpen(!open)}
          >
            {t('settings.edit')}
          </Button>
        )}
        {editable && rule.region !== null && (
          <Button size="small" type="text" loading={remove.isPending} onClick={() => remove.mutate(rule)}>
            {t('retention.inherit')}
          </Button>
        )}
        {remove.isError && (
          <span className="bad" role="alert">
            {why(remove.error)}
          </span>
        )}
      </p>
      {open && <RetentionForm rule={rule} bounds={bounds} asksRegion={false} onClose={() => onOpen(false)} />}
    </li>
  );
}

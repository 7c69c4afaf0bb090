import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Age } from '../../ui/Times.tsx';
import { deliveryError } from './delivery-error.ts';
import type { DeadCause } from './outbox-types.ts';
import { SetAsideForm } from './SetAsideForm.tsx';
import { useCauses, useOutbox } from './use-outbox.ts';

interface DeadCausesProps {
  state: 'dead' | 'set_aside';
  webhook: string | undefined;
  /** The one that the list below is narrowed to. */
  chosen: string | undefined;
  address: (cause: string | undefined) => string;
}

/** What deliveries died of, by platform: one cause, one decision. */
export function DeadCauses({ state, webhook, chosen, address }: DeadCausesProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const causes = useCauses(state, webhook);
  if (causes.isError)
    return (
      <p className="bad" role="alert">
        {why(causes.error)}
      </p>
    );
  const items = causes.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="sheet outbox-causes" aria-labelledby="outbox-causes">
      <h3 id="outbox-causes">{t('outbox.cause.title')}</h3>
      <ul>
        {items.map((one) => (
          <Cause
            key={`${one.webhook.id} ${one.cause}`}
            state={state}
            one={one}
            chosen={chosen === one.cause}
            onChoose={() => navigate(address(chosen === one.cause ? undefined : one.cause))}
          />
        ))}
      </ul>
    </section>
  );
}

interface CauseProps {
  state: 'dead' | 'set_aside';
  one: DeadCause;
  chosen: boolean;
  onChoose: () => void;
}

function Cause({ state, one, chosen, onChoose }: CauseProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const { retryAll, setAsideAll, takeUpAll } = useOutbox();
  const [asking, setAsking] = useState(false);
  const { webhook, cause, lastError, count, oldestAt, newestAt } = one;
  const letters = { id: webhook.id, cause };
  const failed = [retryAll, takeUpAll].find(({ isError }) => isError);
  return (
    <li>
      <p>
        <b className="num">{count}</b> · {webhook.name} ·{' '}
        <span className={state === 'dead' ? 'bad' : undefined}>
          {lastError === '' ? t('outbox.cause.none') : deliveryError(t, lastError)}
        </span>
      </p>
      <p className="outbox-quiet">
        {t('outbox.cause.newest')} <Age at={newestAt} /> · {t('outbox.cause.oldest')} <Age at={oldestAt} />
      </p>
      <div className="outbox-actions">
        <Button size="small" type="text" aria-pressed={chosen} onClick={onChoose}>
          {t(chosen ? 'outbox.cause.all' : 'outbox.cause.only')}
        </Button>
        {state === 'set_aside' ? (
          <Button size="small" loading={takeUpAll.isPending} onClick={() => takeUpAll.mutate(letters)}>
            {t('outbox.aside.takeUpAll', { count })}
          </Button>
        ) : (
          <>
            <Button size="small" loading={retryAll.isPending} onClick={() => retryAll.mutate(letters)}>
              {t('outbox.cause.retry', { count })}
            </Button>
            <Button size="small" aria-expanded={asking} onClick={() => setAsking(!asking)}>
              {t('outbox.aside.openAll', { count })}
            </Button>
          </>
        )}
        {failed !== undefined && (
          <span className="bad" role="alert">
            {why(failed.error)}
          </span>
        )}
      </div>
      {asking && (
        <SetAsideForm
          count={count}
          busy={setAsideAll.isPending}
          wrong={setAsideAll.isError ? why(setAsideAll.error) : undefined}
          onSubmit={(reason) =>
            setAsideAll.mutate({ ...letters, reason }, { onSuccess: () => setAsking(false) })
          }
          onCancel={() => setAsking(false)}
        />
      )}
    </li>
  );
}

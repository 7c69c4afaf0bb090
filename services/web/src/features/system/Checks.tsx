import { useTranslation } from 'react-i18next';
import { Link } from '../../ui/Link.tsx';
import { Age } from '../../ui/Times.tsx';
import { Fact, Facts, Part } from './Part.tsx';
import { StepFaults } from './StepFaults.tsx';
import type { SystemState } from './types.ts';

/** What leaves for platforms and for people. */
export function Deliveries({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { outbox, messages } = state;
  return (
    <>
      <Part part="outbox" level={state.parts.outbox}>
        <Facts>
          <Fact name={t('system.outbox.pending')}>{outbox.pending}</Fact>
          <Fact name={t('system.outbox.oldest')}>
            {outbox.oldestDueAt === null ? t('system.none') : <Age at={outbox.oldestDueAt} />}
          </Fact>
          <Fact name={t('system.outbox.dead')} bad={outbox.dead > 0}>
            {outbox.dead}
          </Fact>
        </Facts>
        <p className="system-more">
          <Link to={outbox.dead > 0 ? '/system/outbox?state=dead' : '/system/outbox'}>
            {t('system.outbox.open')}
          </Link>
        </p>
      </Part>
      <Part part="messages" level={state.parts.messages}>
        <Facts>
          <Fact name={t('system.messages.pending')}>{messages.pending}</Fact>
          <Fact name={t('system.messages.dead')} bad={messages.dead > 0}>
            {messages.dead}
          </Fact>
        </Facts>
        <p className="system-more">
          <Link to="/notifications">{t('system.messages.open')}</Link>
        </p>
      </Part>
    </>
  );
}

/** What watches over the service itself: deadlines that are kept, history that nobody altered. */
export function Checks({ state }: { state: SystemState }) {
  const { t } = useTranslation();
  const { steps, history } = state;
  return (
    <>
      <Part part="steps" level={state.parts.steps}>
        <Facts>
          <Fact name={t('system.steps.overdue')} bad={steps.overdue > 0}>
            {steps.overdue}
          </Fact>
          <Fact name={t('system.steps.repaired')}>{steps.repairedDay}</Fact>
          <Fact name={t('system.steps.last')}>
            {steps.lastFaultAt === null ? t('system.steps.never') : <Age at={steps.lastFaultAt} />}
          </Fact>
        </Facts>
        {steps.lastFaultAt !== null && <StepFaults />}
      </Part>
      <Part part="history" level={state.parts.history}>
        {history === null ? (
          <p className="system-calm">{t('system.history.none')}</p>
        ) : (
          <Facts>
            <Fact name={t('system.history.faults')} bad={history.faults > 0}>
              {history.faults}
            </Fact>
            <Fact name={t('system.history.rows')}>{history.rows}</Fact>
            <Fact name={t('system.history.chains')}>{history.chains}</Fact>
            <Fact name={t('system.history.at')}>
              <Age at={history.at} />
            </Fact>
          </Facts>
        )}
        <p className="system-more">
          <Link to="/system/audit">{t('system.history.open')}</Link>
        </p>
      </Part>
    </>
  );
}

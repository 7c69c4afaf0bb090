import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../api/account-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Link } from '../../ui/Link.tsx';
import { Moment } from '../../ui/Times.tsx';
import { newKey } from '../tasks/use-task-order.ts';
import type { Lead, LeadState } from './types.ts';

const LOOKS: Record<LeadState, string> = {
  sent: 'tag tag-warn',
  received: 'tag tag-accent',
  accepted: 'tag tag-accent',
  rejected: 'tag tag-bad',
  concluded: 'tag tag-good',
};
type Step = 'receive' | 'accept' | 'reject' | 'conclude';
/** As services/domain/lead.ts has the way. */
const STEPS: Record<LeadState, readonly Step[]> = {
  sent: ['receive', 'accept', 'reject'],
  received: ['accept', 'reject'],
  accepted: ['conclude'],
  rejected: [],
  concluded: [],
};
/** Who enters what the authority answered (services/domain/rights.ts, task.decide). */
const DECIDES: readonly Role[] = ['operator', 'inspector', 'station_head'];

/** One lead: to whom, why, and its outcome. */
export function LeadCard({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [open, setOpen] = useState(false);
  const decides = DECIDES.includes(account.role) && STEPS[lead.state].length > 0;
  return (
    <li className="sheet lead">
      <p className="lead-head">
        <span className={LOOKS[lead.state]}>{t(`leads.state.${lead.state}`)}</span>
        <b>{lead.merchant.name}</b>
        <span className="lead-quiet">
          {lead.number} · {lead.region.name}
        </span>
        <span className="lead-when">
          <Moment at={lead.sentAt} />
        </span>
      </p>
      <p>
        {t('leads.to')} {t(`leads.target.${lead.target}`)}（{lead.targetName}）· {lead.legalReason}
      </p>
      {lead.summary !== '' && <p className="lead-quiet">{lead.summary}</p>}
      <p className="lead-quiet">
        {lead.sentBy}
        {lead.task !== null && (
          <>
            {' · '}
            {t('leads.task')} <Link to={`/tasks/${lead.task.id}`}>{lead.task.number}</Link>
          </>
        )}
        {lead.documentRef !== '' && ` · ${lead.documentRef}`}
      </p>
      {(lead.caseNumber !== '' || lead.outcome !== '') && (
        <p className="lead-outcome">
          {lead.caseNumber !== '' && `${t('leads.caseNumber')} ${lead.caseNumber} `}
          {lead.outcome !== '' && `${t('leads.outcome')} ${lead.outcome}`}
        </p>
      )}
      {decides && (
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('leads.enter')}
        </Button>
      )}
      {open && decides && <Progress lead={lead} onDone={() => setOpen(false)} />}
    </li>
  );
}

/** What the authority answered, entered by hand. */
function Progress({ lead, onDone }: { lead: Lead; onDone: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const steps = STEPS[lead.state];
  const [step, setStep] = useState<Step>(steps[0] ?? 'receive');
  const [caseNumber, setCaseNumber] = useState('');
  const [outcome, setOutcome] = useState('');
  // One entry, however often it is sent.
  const [key] = useState(newKey);
  const enter = useMutation({
    mutationFn: () =>
      ask<Lead>(`/leads/${lead.id}/progress`, {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: {
          version: lead.version,
          step,
          ...(caseNumber.trim() !== '' && { caseNumber: caseNumber.trim() }),
          ...(outcome.trim() !== '' && { outcome: outcome.trim() }),
        },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.leads });
      onDone();
    },
  });
  const needs =
    (step === 'accept' && caseNumber.trim() === '') ||
    ((step === 'reject' || step === 'conclude') && outcome.trim() === '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!needs) enter.mutate();
  };
  return (
    <form className="stack-form" onSubmit={submit}>
      <Field id={`lead-step-${lead.id}`} label={t('leads.answer')}>
        <Select
          id={`lead-step-${lead.id}`}
          value={step}
          options={steps.map((value) => ({ value, label: t(`leads.step.${value}`) }))}
          onChange={(next: Step) => setStep(next)}
        />
      </Field>
      {step === 'accept' && (
        <Field id={`lead-case-${lead.id}`} label={t('leads.caseNumber')}>
          <Input
            id={`lead-case-${lead.id}`}
            value={caseNumber}
            onChange={(event) => setCaseNumber(event.target.value)}
          />
        </Field>
      )}
      {(step === 'reject' || step === 'conclude') && (
        <Field id={`lead-outcome-${lead.id}`} label={t('leads.outcome')}>
          <Input
            id={`lead-outcome-${lead.id}`}
            value={outcome}
            onChange={(event) => setOutcome(event.target.value)}
          />
        </Field>
      )}
      <p className="bad" role="alert">
        {enter.isError ? why(enter.error) : undefined}
      </p>
      <Button type="primary" htmlType="submit" disabled={needs} loading={enter.isPending}>
        {t('settings.save')}
      </Button>
    </form>
  );
}

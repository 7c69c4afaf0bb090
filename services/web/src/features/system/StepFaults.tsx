import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Moment } from '../../ui/Times.tsx';

interface StepFault {
  id: string;
  at: string;
  taskId: string;
  number: string;
  fault: 'wrong_step' | 'no_job' | 'not_done';
  repairedAt: string | null;
}

/** What the auditor of deadlines found, newest first; asked for when somebody wants to know. */
export function StepFaults() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className="system-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('system.steps.list')}</summary>
      {open && <Found />}
    </details>
  );
}

function Found() {
  const { t } = useTranslation();
  const why = useWhy();
  const list = usePages<StepFault>({ key: [...keys.system, 'step-faults'], path: '/step-faults', limit: 10 });
  return (
    <>
      {list.isError && <p className="bad">{why(list.error)}</p>}
      {list.isPending && <Bones lines={3} />}
      {list.isSuccess && list.items.length === 0 && <p>{t('system.steps.never')}</p>}
      <ul className="system-list">
        {list.items.map(({ id, at, taskId, number, fault, repairedAt }) => (
          <li key={id}>
            <Moment at={at} /> · <Link to={`/tasks/${taskId}`}>{number}</Link> ·{' '}
            {t(`system.steps.fault.${fault}`)} ·{' '}
            {t(repairedAt === null ? 'system.steps.open' : 'system.steps.done')}
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES, type Role } from '../../api/account-types.ts';
import { keys } from '../../api/keys.ts';
import type { Task } from '../../api/task-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Moment } from '../../ui/Times.tsx';
import { ClassTag } from '../findings/FindingTag.tsx';
import { LeadsPage } from '../leads/LeadsPage.tsx';
import { PlatformOrdersPage } from '../platform-orders/PlatformOrdersPage.tsx';
import { TaskDrawer } from './TaskDrawer.tsx';
import { TaskDue } from './TaskDue.tsx';
import { TaskFilterBar } from './TaskFilterBar.tsx';
import { addressOf, askedOf, filterOf } from './task-filter.ts';
import './task.css';
import './tasks.css';

/** Merchants are told of their tasks, not of what was handed to other authorities (services/domain/rights.ts, lead.read). */
const NO_LEADS: readonly Role[] = [...MERCHANT_ROLES, 'public'];

/** What platforms ordered: who answers for the tasks, and for the line (services/domain/rights.ts, platform.read). */
const ORDERS: readonly Role[] = ['operator', 'station_head'];

export function TasksPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const { account } = useCurrentSession();
  const leads = !NO_LEADS.includes(account.role);
  const orders = ORDERS.includes(account.role);
  const here =
    leads && segments[1] === 'leads' ? 'leads' : orders && segments[1] === 'orders' ? 'orders' : 'tasks';
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('tasks.title')}</h1>
      </div>
      {leads && (
        <SectionTabs
          label={t('leads.tabs')}
          tabs={[
            { to: '/tasks', label: t('tasks.title'), here: here === 'tasks' },
            { to: '/tasks/leads', label: t('leads.title'), here: here === 'leads' },
            ...(orders
              ? [{ to: '/tasks/orders', label: t('platformOrders.title'), here: here === 'orders' }]
              : []),
          ]}
        />
      )}
      {here === 'leads' ? <LeadsPage /> : here === 'orders' ? <PlatformOrdersPage /> : <TaskList />}
    </div>
  );
}

function TaskList() {
  const { t } = useTranslation();
  const { segments, search } = useRoute();
  const filter = filterOf(search);
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  const list = usePages<Task>({ key: keys.tasks, path: '/tasks', filter: askedOf(filter) });
  return (
    <>
      <TaskFilterBar filter={filter} onChange={(next) => navigate(addressOf(next), { replace: true })} />
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="tasks" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(narrowed ? 'taskFilter.none' : 'tasks.empty')}>
          {!narrowed && <p>{t('tasks.emptyHint')}</p>}
        </Note>
      ) : (
        <TaskTable tasks={list.items} />
      )}
      <More list={list} />
      <TaskDrawer id={segments[1]} onClose={() => navigate(addressOf(filter))} />
    </>
  );
}

function TaskTable({ tasks }: { tasks: readonly Task[] }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const { search } = useRoute();
  const readsFindings = !MERCHANT_ROLES.includes(account.role) && account.role !== 'cadre';
  return (
    <div className="sheet">
      <table className="table tasks">
        <thead>
          <tr>
            <th scope="col">{t('tasks.number')}</th>
            <th scope="col">{t('tasks.merchant')}</th>
            <th scope="col">{t('tasks.kind')}</th>
            <th scope="col">{t('tasks.class')}</th>
            <th scope="col">{t('tasks.state')}</th>
            <th scope="col">{t('tasks.issued')}</th>
            <th scope="col">{t('tasks.acknowledgeDue')}</th>
            <th scope="col">{t('tasks.submitDue')}</th>
            {readsFindings && <th scope="col">{t('tasks.finding')}</th>}
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <th scope="row" className="task-number num">
                <Link to={addressOf(filterOf(search), task.id)}>{task.number}</Link>
              </th>
              <td className="task-merchant">{task.merchant.name}</td>
              <td data-label={t('tasks.kind')}>{t(`kind.${task.kind}`)}</td>
              <td data-label={t('tasks.class')}>
                <ClassTag value={task.class} />
              </td>
              <td data-label={t('tasks.state')}>
                <span className="tag tag-accent">{t(`taskState.${task.state}`)}</span>
              </td>
              <td data-label={t('tasks.issued')}>
                <Moment at={task.issuedAt} />
              </td>
              <td data-label={t('tasks.acknowledgeDue')}>
                <TaskDue task={task} step="acknowledge" />
              </td>
              <td data-label={t('tasks.submitDue')}>
                <TaskDue task={task} step="submit" />
              </td>
              {readsFindings && (
                <td data-label={t('tasks.finding')}>
                  <Link to={`/findings/${task.findingId}?state=confirmed`}>{t('tasks.open')}</Link>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

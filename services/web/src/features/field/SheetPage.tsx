import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Day, FieldTask, Sheet, Stop } from '../../api/field-types.ts';
import { keys } from '../../api/keys.ts';
import { NotSent } from '../../offline/NotSent.tsx';
import { type Kept, useKept } from '../../offline/use-kept.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Countdown, Moment } from '../../ui/Times.tsx';
import { ClassTag } from '../findings/FindingTag.tsx';
import { AsOf } from './AsOf.tsx';
import { VisitList } from './VisitList.tsx';
import { Ways } from './Ways.tsx';

/** One merchant's sheet. Without a line it is what was kept of it, or what the day's list says. */
export function useSheet(code: string): {
  sheet: Kept<Stop & Partial<Sheet>> | undefined;
  asked: ReturnType<typeof useKept<Sheet>>;
} {
  const client = useQueryClient();
  const asked = useKept<Sheet>(keys.fieldMerchant(code), `/field/merchants/${encodeURIComponent(code)}`);
  const day = useKept<Day>([...keys.field, 'day', false], '/field/day');
  const days = [day.data, client.getQueryData<Kept<Day>>([...keys.field, 'day', true])];
  const listed = days
    .flatMap((one) =>
      one === undefined
        ? []
        : [{ stop: one.value.stops.find(({ merchant }) => merchant.code === code), at: one.value.asOf }],
    )
    .find(({ stop }) => stop !== undefined);
  const ofList =
    asked.isError && listed?.stop !== undefined
      ? { value: { ...listed.stop, asOf: listed.at }, keptAt: Date.parse(listed.at) }
      : undefined;
  return { sheet: asked.data ?? ofList, asked };
}

export function SheetPage({ code }: { code: string }) {
  const { t } = useTranslation();
  const { sheet, asked } = useSheet(code);
  return (
    <div className="page field">
      <Link to="/field" className="back">
        ← {t('field.back')}
      </Link>
      {sheet === undefined ? (
        asked.isError ? (
          <Failure what="field" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={10} />
        )
      ) : (
        <>
          <Head stop={sheet.value} />
          <AsOf
            at={sheet.value.asOf ?? ''}
            kept={sheet.keptAt !== null}
            onRetry={() => void asked.refetch()}
          />
          <NotSent />
          <p className="ways">
            <Link to={`/field/${code}/visit`} className="big-link big-link-primary">
              {t('field.begin')}
            </Link>
          </p>
          <section aria-label={t('field.open')}>
            <h2>{t('field.openCount', { count: sheet.value.tasks.length })}</h2>
            {sheet.value.tasks.length === 0 && <p className="all-done">{t('field.noTasks')}</p>}
            <ul className="field-tasks">
              {sheet.value.tasks.map((task) => (
                <TaskLine key={task.id} task={task} code={code} />
              ))}
            </ul>
          </section>
          {sheet.value.findings.length > 0 && (
            <section aria-label={t('field.leadsTitle')}>
              <h2>{t('field.leadsTitle')}</h2>
              <ul className="lines">
                {sheet.value.findings.map((finding) => (
                  <li key={finding.id}>
                    <span>
                      <b>
                        {t(`kind.${finding.kind}`)} · {finding.zone.name}
                      </b>
                      <span>
                        <Moment at={finding.firstSeen} />
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {sheet.value.visits !== undefined && <VisitList visits={sheet.value.visits} />}
          {sheet.value.past !== undefined && sheet.value.past.length > 0 && (
            <section aria-label={t('field.past')}>
              <h2>{t('field.past')}</h2>
              <ul className="lines">
                {sheet.value.past.map((task) => (
                  <li key={task.id}>
                    <Link to={`/tasks/${task.id}`}>
                      <b>
                        {t(`kind.${task.kind}`)} · {task.zone.name}
                      </b>
                      <span>
                        {t(`taskState.${task.state}`)} · <Moment at={task.issuedAt} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </div>
  );
}

function Head({ stop }: { stop: Stop }) {
  const { t } = useTranslation();
  return (
    <div className="field-head">
      <h1>{stop.merchant.name}</h1>
      <p className="quiet">
        {[
          stop.region.name,
          stop.address,
          stop.licenceNo !== null && t('field.licence', { no: stop.licenceNo }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="quiet">
        {stop.place === null && `${t('field.noPlace')} `}
        <Link to={`/field/${stop.merchant.code}/place`}>
          {t(stop.place === null ? 'place.set' : 'place.correct')}
        </Link>
      </p>
      <Ways stop={stop} />
    </div>
  );
}

function TaskLine({ task, code }: { task: FieldTask; code: string }) {
  const { t } = useTranslation();
  return (
    <li className="field-task">
      <p className="todo-line">
        <span
          className={
            task.reason === 'open' ? 'tag' : task.reason === 'recheck' ? 'tag tag-warn' : 'tag tag-bad'
          }
        >
          {t(`field.reason.${task.reason}`)}
        </span>
        <ClassTag value={task.class} />
        <span className="tag tag-accent">{t(`taskState.${task.state}`)}</span>
        <Countdown at={task.due} />
      </p>
      <h3>
        {t(`kind.${task.kind}`)} · {task.zone.name}
      </h3>
      <p className="quiet">
        {task.number}
        {task.returns > 0 && ` · ${t('field.returns', { count: task.returns })}`}
      </p>
      {task.text !== '' && <p>{task.text}</p>}
      {task.frame !== null && (
        <div className="field-frame">
          <Picture
            url={task.frame.url}
            alt={t('field.seen', { kind: t(`kind.${task.kind}`) })}
            width={task.frame.width ?? 16}
            height={task.frame.height ?? 9}
          />
        </div>
      )}
      <span className="ways">
        <Link to={`/tasks/${task.id}`} className="big-link">
          {t('field.whole')}
        </Link>
        <Link to={`/field/${code}/notice/${task.id}`} className="big-link">
          {t('field.notice')}
        </Link>
      </span>
    </li>
  );
}

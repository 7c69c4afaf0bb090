import { Button, Input } from 'antd';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stop } from '../../api/field-types.ts';
import { keys } from '../../api/keys.ts';
import { navigate } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { post } from '../../offline/outbox.ts';
import { useKept } from '../../offline/use-kept.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { useNow } from '../../ui/clock.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { newKey } from '../tasks/use-task-order.ts';
import { Earlier } from './Earlier.tsx';
import { LeftOver } from './LeftOver.tsx';
import { PlaceLine } from './PlaceLine.tsx';
import { useSheet } from './SheetPage.tsx';
import { ThingSeen } from './ThingSeen.tsx';
import { type Position, usePosition } from './use-position.ts';
import { useVisit, type VisitDraft } from './use-visit.ts';
import { findingItem, leftOf, sayable, taskItem, wrongIn } from './visit-draft.ts';

interface Kind {
  code: string;
  nameZh: string;
  nameEn: string;
  enabled: boolean;
}

/** 到场核查: what is seen of each thing, with photographs; sent now or when there is a line. */
export function VisitPage({ code }: { code: string }) {
  const { t } = useTranslation();
  const { sheet, asked } = useSheet(code);
  return (
    <div className="page field">
      <Link to={`/field/${code}`} className="back">
        ← {t('field.toSheet')}
      </Link>
      {sheet === undefined ? (
        asked.isError ? (
          <Failure what="field" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={10} />
        )
      ) : (
        <VisitForm stop={sheet.value} />
      )}
    </div>
  );
}

function VisitForm({ stop }: { stop: Stop }) {
  const { t } = useTranslation();
  const id = useId();
  const { username } = useCurrentSession().account;
  const visit = useVisit(`${username} ${stop.merchant.code} visit`);
  const position = usePosition();
  const [asked, setAsked] = useState(false);
  const [failed, setFailed] = useState(false);
  // Opening this form is the asking: it records who was where.
  const { ask } = position;
  useEffect(ask, [ask]);
  const wrong = wrongIn(stop, visit, useNow(60));
  const left = leftOf(stop, visit);

  const send = async (): Promise<void> => {
    setAsked(true);
    if (wrong !== undefined) return;
    try {
      await post([waitingOf(stop, visit, position, username)]);
    } catch {
      setFailed(true);
      return;
    }
    await visit.forget(left);
    navigate(`/field/${stop.merchant.code}`);
  };

  return (
    <form
      className="visit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>
        {t('field.visit')} · {stop.merchant.name}
      </h1>
      <PlaceLine position={position} of={stop.place} onAsk={position.ask} />
      <Earlier sheet={stop} visit={visit} />
      {stop.tasks.map((task) => (
        <ThingSeen
          key={task.id}
          item={taskItem(task.id)}
          title={`${t(`kind.${task.kind}`)} · ${task.zone.name}`}
          number={task.number}
          about={`${t(`field.reason.${task.reason}`)}${task.text === '' ? '' : ` · ${task.text}`}`}
          outcomes={['put_right', 'not_put_right']}
          visit={visit}
          place={position.place}
        />
      ))}
      {stop.findings.map((finding) => (
        <ThingSeen
          key={finding.id}
          item={findingItem(finding.id)}
          title={`${t(`kind.${finding.kind}`)} · ${finding.zone.name}`}
          about={t('field.lead')}
          outcomes={['confirmed', 'not_seen']}
          visit={visit}
          place={position.place}
        />
      ))}
      {visit.found.map((thing) => (
        <FoundFields key={thing.item} stop={stop} visit={visit} thing={thing} position={position} />
      ))}
      {stop.zones.length > 0 && (
        <Button
          size="large"
          block
          onClick={() => visit.addFound('', stop.zones.length === 1 ? (stop.zones[0]?.code ?? '') : '')}
        >
          + {t('field.addFound')}
        </Button>
      )}
      <LeftOver visit={visit} left={left} />
      <label htmlFor={id}>{t('field.note')}</label>
      <Input.TextArea
        id={id}
        value={visit.note}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={(event) => visit.setNote(event.target.value)}
      />
      {asked && wrong !== undefined && (
        <p className="bad" role="alert">
          {t(`field.wrong.${wrong}`)}
        </p>
      )}
      {failed && (
        <p className="bad" role="alert">
          {t('merchant.cannotKeep')}
        </p>
      )}
      <Button size="large" type="primary" htmlType="submit" block disabled={visit.busy}>
        {t('field.send')}
      </Button>
      <p className="quiet">{t('field.sendHint')}</p>
    </form>
  );
}

interface FoundProps {
  stop: Stop;
  visit: VisitDraft;
  thing: VisitDraft['found'][number];
  position: Position;
}

/** Something that nobody had seen before. */
function FoundFields({ stop, visit, thing, position }: FoundProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const kinds = useKept<{ items: Kind[] }>([...keys.findingKinds, 'kept'], '/finding-kinds');
  const options = (kinds.data?.value.items ?? [])
    .filter(({ enabled }) => enabled)
    .map((kind) => ({ value: kind.code, label: language === 'en' ? kind.nameEn : kind.nameZh }));
  return (
    <ThingSeen
      item={thing.item}
      title={t('field.found')}
      about=""
      outcomes={[]}
      visit={visit}
      place={position.place}
      onLeaveOut={() => visit.leaveOutItem(thing.item)}
    >
      <Choice
        label={t('tasks.kind')}
        options={options}
        value={thing.kind}
        onChange={(kind) => visit.changeFound(thing.item, { kind })}
      />
      <Choice
        label={t('field.zone')}
        options={stop.zones.map(({ code, name }) => ({ value: code, label: name }))}
        value={thing.zone}
        onChange={(zone) => visit.changeFound(thing.item, { zone })}
      />
    </ThingSeen>
  );
}

function waitingOf(stop: Stop, visit: VisitDraft, position: Position, account: string) {
  const { note, ...said } = sayable(stop, visit);
  const { place, problem } = position;
  return {
    command: 'visit' as const,
    key: newKey(),
    at: Date.now(),
    account,
    number: stop.merchant.name,
    merchant: stop.merchant.code,
    refused: null,
    body: {
      merchant: stop.merchant.code,
      visitedAt: new Date().toISOString(),
      ...(place === null ? { placeProblem: problem ?? 'unavailable' } : { place }),
      note,
    },
    ...said,
  };
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Drawer, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import type { Finding } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { ReportFields } from '../report/ReportFields.tsx';
import { nameOf, useFindingKinds } from '../report/use-finding-kinds.ts';
import { newKey } from '../tasks/use-task-order.ts';

interface ReportDrawerProps {
  /** The card that is open: where it was seen. */
  finding: Finding;
  onDone: (reported: Finding, kind: string) => void;
  onClose: () => void;
}

/** 网上巡查: what the inspector sees beside what the models found, at the place that is on the screen. */
export function ReportDrawer({ finding, onDone, onClose }: ReportDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const client = useQueryClient();
  const why = useWhy();
  const id = useId();
  const kinds = useFindingKinds();
  const [kind, setKind] = useState('other');
  const [place, setPlace] = useState('');
  const [text, setText] = useState('');
  const [snapshot, setSnapshot] = useState(false);
  const [confirm, setConfirm] = useState(false);
  const [asked, setAsked] = useState(false);
  // One report, however often it is sent.
  const [key] = useState(newKey);
  const report = useMutation({
    async mutationFn() {
      const { camera } = finding;
      const photos =
        snapshot && camera !== null
          ? [
              (
                await ask<{ id: string }>('/report-photos/snapshot', {
                  method: 'POST',
                  body: { camera: camera.code },
                })
              ).id,
            ]
          : [];
      return await ask<{ finding: Finding }>('/findings', {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: {
          source: 'online_inspection',
          kind,
          merchant: finding.merchant.code,
          zone: finding.zone.code,
          ...(camera === null ? {} : { camera: camera.code }),
          ...(place.trim() === '' ? {} : { place: place.trim() }),
          text: text.trim(),
          photos,
          confirm,
        },
      });
    },
    onSuccess(answer) {
      void client.invalidateQueries({ queryKey: keys.overview });
      onDone(answer.finding, nameOf(kinds, kind));
    },
  });
  const missing = asked && text.trim() === '';
  return (
    <Drawer
      open
      onClose={onClose}
      size={phone ? '100%' : 440}
      title={t('deskReport.title')}
      closable={{ 'aria-label': t('cameras.close') }}
    >
      <form
        className="report-form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (text.trim() !== '') report.mutate();
        }}
      >
        <p className="side-hint">
          {t('deskReport.at', { merchant: finding.merchant.name, zone: finding.zone.name })}
        </p>
        <ReportFields {...{ kinds, kind, text, missing }} onKind={setKind} onText={setText} />
        <label htmlFor={`${id}-place`}>{t('deskReport.place')}</label>
        <Input
          id={`${id}-place`}
          value={place}
          maxLength={200}
          onChange={(event) => setPlace(event.target.value)}
        />
        {finding.camera !== null && (
          <Checkbox checked={snapshot} onChange={(event) => setSnapshot(event.target.checked)}>
            {t('deskReport.snapshot')}
          </Checkbox>
        )}
        <Checkbox checked={confirm} onChange={(event) => setConfirm(event.target.checked)}>
          {t('deskReport.confirm')}
        </Checkbox>
        {report.isError && (
          <p className="bad" role="alert">
            {t('deskReport.failed', { why: why(report.error) })}
          </p>
        )}
        <Button size="large" type="primary" htmlType="submit" loading={report.isPending}>
          {t('deskReport.send')}
        </Button>
      </form>
    </Drawer>
  );
}

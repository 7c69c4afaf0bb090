import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Camera, DECLINE_REASONS, type DeclineReason } from '../../api/camera-types.ts';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Page } from '../../api/types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Moment } from '../../ui/Times.tsx';
import { MaskedPicture } from './MaskedPicture.tsx';
import { StreamResult } from './StreamResult.tsx';
import { stepAddress } from './steps.ts';
import type { ProbeState } from './use-probe.ts';

/** 核准首帧: a person looks at the first picture and answers for it; until then nothing is looked for in the camera's pictures. */
export function PictureStep({ camera, test }: { camera: Camera; test: ProbeState }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [agreed, setAgreed] = useState(false);
  const [declining, setDeclining] = useState(false);
  const taken = (changed: Camera) => {
    client.setQueryData(keys.camera(camera.id), changed);
    setDeclining(false);
    setAgreed(false);
    // What was decided on is decided: another picture is another decision.
    test.forget();
    void client.invalidateQueries({ queryKey: keys.cameras });
  };
  const path = `/cameras/${encodeURIComponent(camera.id)}/reference`;
  const probe = test.probe;
  const approve = useMutation({
    mutationFn: () =>
      ask<Camera>(path, { method: 'POST', body: probe === undefined ? {} : { probe: probe.id } }),
    onSuccess: taken,
  });
  const decline = useMutation({
    mutationFn: (body: { reason: DeclineReason; note: string }) =>
      ask<Camera>(`${path}/decline`, { method: 'POST', body }),
    onSuccess: taken,
  });
  const { declined, reference } = camera;
  const picture = probe?.picture ?? null;
  const isApproved = !camera.awaitsApproval && reference !== null;
  return (
    <section className="onboard-step" aria-label={t('onboard.step.picture')}>
      {declined !== null && camera.awaitsApproval && (
        <p className="onboard-declined" role="note">
          {t('onboard.declined', { who: declined.by, why: t(`onboard.reason.${declined.reason}`) })}
          {declined.note !== '' && `：${declined.note}`} <Moment at={declined.at} />
        </p>
      )}
      {camera.awaitsApproval && declined === null && camera.sourceChangedAt !== null && (
        <p className="onboard-declined" role="note">
          {t('onboard.otherSource')} <Moment at={camera.sourceChangedAt} />
        </p>
      )}
      {picture === null ? (
        <>
          {isApproved && reference.url !== null && (
            <figure className="probe-picture">
              <Picture url={reference.url} alt={t('reference.alt')} width={960} height={540} eager />
              <figcaption>
                {t('reference.by', { who: reference.approvedBy ?? '—' })} ·{' '}
                <Moment at={reference.approvedAt} />
              </figcaption>
            </figure>
          )}
          <StreamResult state={test} showPicture={false} />
          <div className="onboard-actions">
            <Button
              type={isApproved ? 'default' : 'primary'}
              loading={test.testing}
              onClick={() => test.start({ merchant: camera.merchant.code, camera: camera.code })}
            >
              {t(isApproved ? 'onboard.newPicture' : 'onboard.takePicture')}
            </Button>
          </div>
        </>
      ) : (
        <div className="onboard-two">
          <div className="onboard-compare">
            <figure className="probe-picture">
              <MaskedPicture camera={camera} url={picture.url} alt={t('onboard.probe.picture')} />
              <figcaption>
                {t('onboard.probe.picture')} · <Moment at={picture.at} />
              </figcaption>
            </figure>
            {reference !== null && reference.url !== null && (
              <figure className="probe-picture probe-picture-small">
                <Picture url={reference.url} alt={t('reference.alt')} width={320} height={180} />
                <figcaption>{t(isApproved ? 'reference.title' : 'onboard.approvedBefore')}</figcaption>
              </figure>
            )}
          </div>
          {!declining && (
            <form
              className="onboard-approve"
              onSubmit={(event) => {
                event.preventDefault();
                if (agreed) approve.mutate();
              }}
            >
              <p>{t('onboard.lookAt')}</p>
              {camera.privacyMasks.length > 0 && (
                <p className="onboard-declined">
                  {t('onboard.lookAtMasks', { count: camera.privacyMasks.length })}
                </p>
              )}
              <Checkbox checked={agreed} onChange={(event) => setAgreed(event.target.checked)}>
                {t('onboard.agree')}
              </Checkbox>
              {approve.isError && (
                <p className="bad" role="alert">
                  {why(approve.error)}
                </p>
              )}
              <div className="onboard-actions">
                <Button
                  type="primary"
                  size="large"
                  htmlType="submit"
                  disabled={!agreed}
                  loading={approve.isPending}
                >
                  {t('onboard.approve')}
                </Button>
                <Button size="large" onClick={() => setDeclining(true)}>
                  {t('onboard.decline')}
                </Button>
                <Button
                  size="large"
                  loading={test.testing}
                  onClick={() => test.start({ merchant: camera.merchant.code, camera: camera.code })}
                >
                  {t('onboard.again')}
                </Button>
              </div>
            </form>
          )}
          {declining && (
            <DeclineForm
              pending={decline.isPending}
              error={decline.error}
              onDecline={(reason, note) => decline.mutate({ reason, note })}
              onCancel={() => setDeclining(false)}
            />
          )}
        </div>
      )}
      {isApproved && (
        <p>
          <Link to={stepAddress(camera.id, 'draw')}>{t('onboard.toDraw')} →</Link>
        </p>
      )}
      <NextOne camera={camera} reached={approve.isSuccess || decline.isSuccess} />
    </section>
  );
}

interface DeclineFormProps {
  pending: boolean;
  error: Error | null;
  onDecline: (reason: DeclineReason, note: string) => void;
  onCancel: () => void;
}

function DeclineForm({ pending, error, onDecline, onCancel }: DeclineFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const [reason, setReason] = useState<DeclineReason>('wrong_aim');
  const [note, setNote] = useState('');
  return (
    <form
      className="onboard-approve"
      onSubmit={(event) => {
        event.preventDefault();
        onDecline(reason, note.trim());
      }}
    >
      <label htmlFor={`${id}-reason`}>{t('onboard.declineWhy')}</label>
      <select
        id={`${id}-reason`}
        className="onboard-select"
        value={reason}
        onChange={(event) => setReason(event.target.value as DeclineReason)}
      >
        {DECLINE_REASONS.map((one) => (
          <option key={one} value={one}>
            {t(`onboard.reason.${one}`)}
          </option>
        ))}
      </select>
      {reason === 'private_place' && <p className="bad">{t('onboard.privateHint')}</p>}
      <label htmlFor={`${id}-note`}>{t('onboard.note')}</label>
      <Input
        id={`${id}-note`}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {error !== null && (
        <p className="bad" role="alert">
          {why(error)}
        </p>
      )}
      <div className="onboard-actions">
        <Button danger type="primary" htmlType="submit" loading={pending}>
          {t('onboard.declineNow')}
        </Button>
        <Button onClick={onCancel}>{t('onboard.cancel')}</Button>
      </div>
    </form>
  );
}

/** The next camera that waits: fifty of them are one walk. */
function NextOne({ camera, reached }: { camera: Camera; reached: boolean }) {
  const { t } = useTranslation();
  const line = useRef<HTMLParagraphElement>(null);
  const waiting = useQuery({
    queryKey: [...keys.cameras, 'waiting', camera.awaitsApproval],
    queryFn: ({ signal }) =>
      ask<Page<Camera>>(`/cameras${query({ awaiting: 'true', limit: 200 })}`, { signal }),
  });
  const others = (waiting.data?.items ?? []).filter((one) => one.id !== camera.id);
  const next = others.find((one) => one.code > camera.code) ?? others[0];
  const nextId = next?.id;
  // After a decision Enter goes on to the next one.
  useEffect(() => {
    if (reached && nextId !== undefined) line.current?.querySelector('a')?.focus({ preventScroll: true });
  }, [reached, nextId]);
  if (next === undefined) return null;
  return (
    <p className="onboard-next" ref={line}>
      <Link to={`/cameras/${next.id}/setup?step=picture&test=now`}>
        {t('onboard.next', { name: next.name, merchant: next.merchant.name })} →
      </Link>
      <span className="onboard-hint">
        {t(waiting.data?.nextCursor == null ? 'onboard.waiting' : 'onboard.waitingMore', {
          count: others.length,
        })}
      </span>
    </p>
  );
}

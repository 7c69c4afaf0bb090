import { Button } from 'antd';
import { type KeyboardEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import { useZones } from '../../api/use-zones.ts';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Meanwhile } from '../../ui/Meanwhile.tsx';
import './draw.css';
import { DrawStage } from './DrawStage.tsx';
import { EffectBoxes, EffectSummary } from './EffectView.tsx';
import { bodyOf, LAYERS, type Layer } from './shapes.ts';
import { stepAddress } from './steps.ts';
import { useAreas } from './use-areas.ts';
import { useEffectOf } from './use-effect-of.ts';

interface DrawStepProps {
  camera: Camera;
  picture: { url: string; alt: string };
}

/** 画区: areas on the picture, saved together; beside it what they would have done to the last looks. */
export function DrawStep({ camera, picture }: DrawStepProps) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const { drawing, change, isDrawn, clash, take, save } = useAreas(camera);
  const { shapes, selected, past, future } = drawing;
  const active = shapes.find((shape) => shape.id === selected);
  const zones = useZones(camera.merchant.code);
  const others = (zones.data ?? []).filter(({ code }) => code !== camera.zone.code);
  const body = bodyOf(shapes);
  const { regionsOfInterest, ignoreAreas, zoneAreas } = body;
  const effect = useEffectOf(camera.id, { regionsOfInterest, ignoreAreas, zoneAreas });
  const add = (layer: Layer) => {
    const zone = layer === 'zone' ? others[0]?.code : undefined;
    change({ type: 'add', layer, ...(zone !== undefined && { zone }) });
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    change({ type: event.shiftKey ? 'redo' : 'undo' });
  };
  const unavailable = (layer: Layer): boolean =>
    (layer === 'zone' && others.length === 0) ||
    (layer === 'metre' && shapes.some((shape) => shape.layer === 'metre'));
  return (
    <section className="onboard-step onboard-draw" aria-label={t('onboard.step.draw')} onKeyDown={onKey}>
      <div className="draw-left">
        <DrawStage picture={picture} drawing={drawing} change={change}>
          <EffectBoxes effect={effect} />
        </DrawStage>
        <EffectSummary effect={effect} />
      </div>
      <div className="draw-panel">
        <fieldset className="draw-add" aria-label={t('onboard.draw.add')}>
          {LAYERS.map((layer) => (
            <button
              key={layer}
              type="button"
              className={`draw-add-one draw-add-${layer}`}
              disabled={unavailable(layer)}
              onClick={() => add(layer)}
            >
              <span className="draw-swatch" aria-hidden="true" />+ {t(`onboard.layer.${layer}`)}
            </button>
          ))}
        </fieldset>
        <p className="onboard-hint">{t('onboard.draw.hint')}</p>
        {shapes.length > 0 && (
          <ul className="draw-list" aria-label={t('onboard.draw.list')}>
            {shapes.map((shape, i) => (
              <li key={shape.id}>
                <button
                  type="button"
                  className={`draw-one draw-add-${shape.layer}`}
                  aria-pressed={shape.id === selected}
                  onClick={() => change({ type: 'select', id: shape.id === selected ? undefined : shape.id })}
                >
                  <span className="draw-swatch" aria-hidden="true" />
                  {i + 1}. {t(`onboard.layer.${shape.layer}`)}
                  {shape.zone !== undefined &&
                    ` · ${others.find(({ code }) => code === shape.zone)?.name ?? shape.zone}`}
                </button>
              </li>
            ))}
          </ul>
        )}
        {active?.layer === 'zone' && (
          <div className="onboard-field">
            <label htmlFor={`${id}-zone`}>{t('onboard.draw.zone')}</label>
            <select
              id={`${id}-zone`}
              className="onboard-select"
              value={active.zone ?? ''}
              onChange={(event) => change({ type: 'zone', id: active.id, zone: event.target.value })}
            >
              {others.map((zone) => (
                <option key={zone.id} value={zone.code}>
                  {t(`zone.${zone.kind}`)} · {zone.name}
                </option>
              ))}
            </select>
          </div>
        )}
        {active !== undefined && <p className="onboard-hint">{t(`onboard.layerHint.${active.layer}`)}</p>}
        <div className="onboard-actions">
          <Button disabled={past.length === 0} onClick={() => change({ type: 'undo' })}>
            {t('onboard.draw.undo')}
          </Button>
          <Button disabled={future.length === 0} onClick={() => change({ type: 'redo' })}>
            {t('onboard.draw.redo')}
          </Button>
          <Button
            danger
            disabled={active === undefined}
            onClick={() => active && change({ type: 'remove', id: active.id })}
          >
            {t('onboard.draw.remove')}
          </Button>
        </div>
        {clash.length > 0 ? (
          <Meanwhile
            what={clash.map((layer) => t(`onboard.layer.${layer}`)).join(t('onboard.draw.and'))}
            onTake={take}
            hint={t('onboard.draw.wayBack')}
          />
        ) : (
          save.isError && (
            <p className="bad" role="alert">
              {why(save.error)}
            </p>
          )
        )}
        <div className="onboard-actions">
          <Button
            type="primary"
            size="large"
            loading={save.isPending}
            disabled={!isDrawn || clash.length > 0}
            onClick={() => save.mutate(shapes)}
          >
            {t('onboard.draw.save')}
          </Button>
          <Button size="large" onClick={() => navigate(stepAddress(camera.id, 'rules'))}>
            {t('onboard.toRules')}
          </Button>
        </div>
        <p role="status">{save.isSuccess && !isDrawn ? t('onboard.draw.saved') : ''}</p>
      </div>
    </section>
  );
}

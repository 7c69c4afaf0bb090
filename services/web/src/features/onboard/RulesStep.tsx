import { Button } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/camera-types.ts';
import type { ViolationKind } from '../../api/types.ts';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Meanwhile } from '../../ui/Meanwhile.tsx';
import './draw.css';
import { EffectBoxes, EffectSummary } from './EffectView.tsx';
import { stepAddress } from './steps.ts';
import { useEffectOf } from './use-effect-of.ts';
import { useLimits } from './use-limits.ts';

const KINDS: readonly ViolationKind[] = ['no_hat', 'no_mask', 'rodent'];
type Values = Partial<Record<ViolationKind, number>>;

interface RulesStepProps {
  camera: Camera;
  picture: { url: string; alt: string };
}

/** 规则效果: this camera's own least score and head size by kind, with what they would have done to its last looks. */
export function RulesStep({ camera, picture }: RulesStepProps) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const { limits, setLimits, isChanged, clashes, reset, keep, save } = useLimits(camera);
  const { minScores, minSizes } = limits;
  const effect = useEffectOf(camera.id, limits);
  const kinds = KINDS.filter((kind) => effect?.rules.some((rule) => rule.kind === kind));
  return (
    <section className="onboard-step onboard-draw" aria-label={t('onboard.step.rules')}>
      <div className="draw-left">
        <div className="draw-stage">
          <img src={picture.url} alt={picture.alt} />
          <EffectBoxes effect={effect} />
        </div>
        <EffectSummary effect={effect} />
      </div>
      <div className="draw-panel">
        {effect !== undefined && kinds.length === 0 && <p>{t('onboard.rules.none')}</p>}
        {kinds.map((kind) => {
          const rules = effect?.rules.filter((rule) => rule.kind === kind) ?? [];
          const score = Math.min(...rules.map((rule) => rule.minScore));
          const size = Math.min(...rules.map((rule) => rule.minSizePx));
          const first = rules[0];
          return (
            <fieldset key={kind} className="rules-kind">
              <legend>{t(`kind.${kind}`)}</legend>
              {first !== undefined && (
                <p className="onboard-hint">
                  {t('onboard.rules.now', { k: first.k, n: first.n, score: Math.round(score * 100), size })}
                </p>
              )}
              <Slider
                id={`${id}-${kind}-score`}
                label={t('onboard.rules.score')}
                unit="%"
                least={Math.round(score * 100)}
                most={95}
                step={1}
                value={Math.round(Math.max(score, minScores[kind] ?? 0) * 100)}
                onChange={(value) =>
                  setLimits({ ...limits, minScores: raised(minScores, kind, value / 100, score) })
                }
              />
              <Slider
                id={`${id}-${kind}-size`}
                label={t('onboard.rules.size')}
                unit=" px"
                least={size}
                most={300}
                step={5}
                value={Math.max(size, minSizes[kind] ?? 0)}
                onChange={(value) => setLimits({ ...limits, minSizes: raised(minSizes, kind, value, size) })}
              />
            </fieldset>
          );
        })}
        <p className="onboard-hint">{t('onboard.rules.hint')}</p>
        {clashes ? (
          <Meanwhile onTake={reset} onKeep={keep} />
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
            disabled={!isChanged || clashes}
            onClick={() => save.mutate()}
          >
            {t('onboard.rules.save')}
          </Button>
          <Button size="large" disabled={!isChanged} onClick={reset}>
            {t('onboard.rules.reset')}
          </Button>
          <Button size="large" onClick={() => navigate(stepAddress(camera.id, 'notice'))}>
            {t('onboard.toNotice')}
          </Button>
        </div>
        <p role="status">{save.isSuccess && !isChanged ? t('onboard.draw.saved') : ''}</p>
      </div>
    </section>
  );
}

/** With the value; one that is the rule's own is left out. */
function raised(values: Values, kind: ViolationKind, value: number, own: number): Values {
  const { [kind]: _, ...rest } = values;
  return value <= own ? rest : { ...rest, [kind]: value };
}

interface SliderProps {
  id: string;
  label: string;
  unit: string;
  least: number;
  most: number;
  step: number;
  value: number;
  onChange: (value: number) => void;
}

function Slider({ id, label, unit, least, most, step, value, onChange }: SliderProps) {
  return (
    <div className="rules-slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={`${value}${unit}`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id} className="num">
        {value}
        {unit}
      </output>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import type { RuleProposal } from '../../api/rule-types.ts';
import type { Box } from '../../api/types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Picture } from '../../ui/Picture.tsx';
import { shortTime } from '../../ui/time.ts';

const outline = ([x1, y1, x2, y2]: Box): string => `M${x1} ${y1}H${x2}V${y2}H${x1}Z`;

/** A frame that was dismissed, with all dismissed boxes and the area that is proposed. */
export function ProposalPicture({ proposal }: { proposal: RuleProposal }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { area, camera, evidence, frame } = proposal;
  if (frame === null) return <span className="proposal-picture picture-missing">{t('stage.missing')}</span>;
  const { height, width } = frame;
  return (
    <figure className="proposal-picture">
      <div className="proposal-shot">
        <Picture
          url={frame.url}
          alt={t('stage.frameAlt', { camera: camera.name, time: shortTime(frame.capturedAt, language) })}
          width={width ?? 640}
          height={height ?? 360}
        />
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <path className="proposal-box" d={evidence.boxes.map(outline).join('')} />
          {area !== null && (
            <>
              <path className="proposal-area-edge" d={outline(area)} />
              <path className="proposal-area" data-testid="proposal-area" d={outline(area)} />
            </>
          )}
        </svg>
      </div>
      <figcaption>{t(area === null ? 'proposals.captionScore' : 'proposals.captionArea')}</figcaption>
    </figure>
  );
}

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimHolder } from '../../api/desk-types.ts';
import type { Finding } from '../../api/finding-types.ts';
import { isOver } from '../../api/steady-url.ts';
import { Link } from '../../ui/Link.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Age } from '../../ui/Times.tsx';
import { ClassTag, FindingTag } from './FindingTag.tsx';
import { sizeOf } from './looks.ts';
import { useFinding } from './use-findings.ts';

interface QueueCardProps {
  finding: Finding;
  address: string;
  current: boolean;
  /** Who else looks at it. */
  holder: ClaimHolder | undefined;
}

export function QueueCard({ finding, address, current, holder }: QueueCardProps) {
  const { t } = useTranslation();
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) card.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  // The list stays as it is for hours, its signed addresses last minutes: a picture that is gone is asked for again.
  const [over, setOver] = useState(false);
  const renewed = useFinding(over ? finding.id : undefined).data?.frame;
  const frame = renewed ?? finding.frame;
  const judged = finding.state !== 'pending_review';
  return (
    <li ref={card} className={judged ? 'card card-judged' : 'card'}>
      <Link to={address} className="card-link" aria-current={current ? 'true' : undefined}>
        <span className="card-picture">
          {frame && (
            <Picture
              url={frame.url}
              alt=""
              {...sizeOf(frame)}
              small={320}
              onSettled={(loaded) => {
                if (!loaded && isOver(frame.url)) setOver(true);
              }}
            />
          )}
        </span>
        <span className="card-text">
          <span className="card-title">
            <b>{t(`kind.${finding.kind}`)}</b>
            <ClassTag value={finding.class} />
            {finding.count > 1 && (
              <span className="card-count num" title={t('findings.seenHint', { count: finding.count })}>
                ×{finding.count}
              </span>
            )}
          </span>
          <span className="card-where">{finding.merchant.name}</span>
          <span className="card-foot">
            <span className="card-camera">{finding.camera?.name ?? finding.zone.name}</span>
            {!judged && holder !== undefined && (
              <span className="tag tag-accent">
                {holder.self ? t('desk.lookingSelfShort') : t('desk.looking', { name: holder.name })}
              </span>
            )}
            {judged ? <FindingTag state={finding.state} /> : <Age at={finding.lastSeen} />}
          </span>
        </span>
      </Link>
    </li>
  );
}

import { useTranslation } from 'react-i18next';
import type { FindingDetail } from '../../api/finding-types.ts';
import { Link } from '../../ui/Link.tsx';
import { Age, Moment } from '../../ui/Times.tsx';
import '../../ui/facts.css';

/** What is known of the finding, without its pictures. */
export function Facts({ finding }: { finding: FindingDetail }) {
  const { t } = useTranslation();
  return (
    <section className="side-part" aria-label={t('facts.title')}>
      <h3>{t('facts.title')}</h3>
      <dl className="facts">
        <dt>{t('facts.merchant')}</dt>
        <dd>{finding.merchant.name}</dd>
        <dt>{t('facts.zone')}</dt>
        <dd>
          {t(`zone.${finding.zone.kind}`)}
          {finding.zone.name !== t(`zone.${finding.zone.kind}`) && ` · ${finding.zone.name}`}
        </dd>
        {finding.camera !== null && (
          <>
            <dt>{t('facts.camera')}</dt>
            <dd>
              <Link to={`/cameras/${finding.camera.id}`}>{finding.camera.name}</Link>
            </dd>
          </>
        )}
        <dt>{t('facts.firstSeen')}</dt>
        <dd>
          <Moment at={finding.firstSeen} /> · <Age at={finding.firstSeen} />
        </dd>
        <dt>{t('facts.lastSeen')}</dt>
        <dd>
          <Moment at={finding.lastSeen} />
        </dd>
        <dt>{t('facts.times')}</dt>
        <dd className="num">{finding.count}</dd>
        {finding.source === 'model' ? <Judged finding={finding} /> : <Reported finding={finding} />}
        {finding.task && (
          <>
            <dt>{t('facts.task')}</dt>
            <dd>
              <Link to="/tasks">{finding.task.number}</Link> · {t(`taskState.${finding.task.state}`)}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What rule and models said. */
function Judged({ finding }: { finding: FindingDetail }) {
  const { t } = useTranslation();
  const { rule } = finding;
  return (
    <>
      {finding.score !== null && (
        <>
          <dt>{t('facts.score')}</dt>
          <dd className="num">{Math.round(finding.score * 100)}%</dd>
        </>
      )}
      <dt>{t('facts.rule')}</dt>
      <dd>{t('facts.ruleText', { k: rule.k, n: rule.n, s: rule.minDurationS })}</dd>
      <dt>{t('facts.model')}</dt>
      <dd>
        {finding.models.map(({ name, version, sha256 }) => (
          <span key={sha256} className="fact-model" title={`SHA-256 ${sha256}`}>
            {name} {version}
          </span>
        ))}
      </dd>
    </>
  );
}

/** Who reported it, and what was said. */
function Reported({ finding }: { finding: FindingDetail }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t('facts.source')}</dt>
      <dd>{t(`source.${finding.source}`)}</dd>
      {finding.reportedBy !== null && (
        <>
          <dt>{t('facts.reportedBy')}</dt>
          <dd>{finding.reportedBy}</dd>
        </>
      )}
      {finding.place !== '' && (
        <>
          <dt>{t('facts.place')}</dt>
          <dd>{finding.place}</dd>
        </>
      )}
      {finding.text !== '' && (
        <>
          <dt>{t('facts.text')}</dt>
          <dd>{finding.text}</dd>
        </>
      )}
    </>
  );
}

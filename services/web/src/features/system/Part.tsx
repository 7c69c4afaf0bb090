import {
  CheckCircleFilled,
  CloseCircleFilled,
  ExclamationCircleFilled,
  QuestionCircleFilled,
} from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SystemLevel, SystemPart } from './types.ts';

const ICONS: Record<SystemLevel, ComponentType> = {
  good: CheckCircleFilled,
  warn: ExclamationCircleFilled,
  bad: CloseCircleFilled,
  unknown: QuestionCircleFilled,
};

/** Sign and word: never a colour alone. */
export function Level({ level }: { level: SystemLevel }) {
  const { t } = useTranslation();
  const Icon = ICONS[level];
  return (
    <span className={`system-level system-${level}`}>
      <Icon aria-hidden /> {t(`system.level.${level}`)}
    </span>
  );
}

interface PartProps {
  part: SystemPart;
  level: SystemLevel;
  children: ReactNode;
}

/** One part of the service: how it is, and the figures behind that. */
export function Part({ part, level, children }: PartProps) {
  const { t } = useTranslation();
  return (
    <section className="sheet system-part" aria-labelledby={`system-${part}`}>
      <header>
        <h2 id={`system-${part}`} tabIndex={-1}>
          {t(`system.part.${part}`)}
        </h2>
        <Level level={level} />
      </header>
      {children}
    </section>
  );
}

/** Figures with their names. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="system-facts">{children}</dl>;
}

export function Fact({ name, bad = false, children }: { name: string; bad?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? 'num bad' : 'num'}>{children}</dd>
    </div>
  );
}

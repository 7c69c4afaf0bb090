import { useTranslation } from 'react-i18next';
import { numbersOf, type Span } from './period.ts';

/** 2026年10月, 2026年第4季度, 2026年 */
export function useSpanName(): (span: Span, start: string) => string {
  const { t } = useTranslation();
  return (span, start) => t(`director.spanName.${span}`, numbersOf(start));
}

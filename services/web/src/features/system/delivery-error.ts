import type { TFunction } from 'i18next';

/** Kinds of answers that say what is to be done. */
const MEANINGS = {
  '401': 'refused',
  '403': 'refused',
  '404': 'noSuchAddress',
  '410': 'gone',
  '429': 'tooMany',
} as const;
const CODES = {
  ECONNREFUSED: 'closed',
  ENOTFOUND: 'noName',
  EAI_AGAIN: 'noName',
  ETIMEDOUT: 'noRoute',
  EHOSTUNREACH: 'noRoute',
  ENETUNREACH: 'noRoute',
  ECONNRESET: 'cut',
  CERT_HAS_EXPIRED: 'certificate',
} as const;

/** Why a list of cases could not be compared (workers/outbox/reconcile), in the language on screen. */
export function reconcileError(t: TFunction, error: string): string {
  const answered = /^the list was answered with (\d{3})$/.exec(error);
  if (answered !== null) return deliveryError(t, `the receiver answered ${answered[1]}: `);
  if (error === 'cut off') return t('outbox.reconcile.error.cutOff');
  const long = /^the list has more than (\d+) (cases|pages)$/.exec(error);
  if (long !== null)
    return t(`outbox.reconcile.error.${long[2] as 'cases' | 'pages'}`, { count: Number(long[1]) });
  const page = /^page (\d+)(?:: ([\w.]+))?\W/.exec(error);
  if (page !== null)
    return page[2] === undefined
      ? t('outbox.reconcile.error.page', { page: page[1] })
      : t('outbox.reconcile.error.field', { page: page[1], field: page[2] });
  return deliveryError(t, error);
}

/** Why a delivery failed, in the language on screen; what is not known here is shown as it came. */
export function deliveryError(t: TFunction, error: string): string {
  const answered = /^the receiver answered (\d{3}): ?(.*)$/s.exec(error);
  if (answered !== null) {
    const [, status = '', said = ''] = answered;
    const meaning =
      status in MEANINGS
        ? t(`outbox.error.${MEANINGS[status as keyof typeof MEANINGS]}`)
        : status >= '500'
          ? t('outbox.error.broken')
          : status >= '300' && status < '400'
            ? t('outbox.error.redirect')
            : '';
    const answer = t('outbox.error.answered', { status });
    const text = said === '' || said === 'redirects are not followed' ? '' : t('outbox.error.said', { said });
    return [answer, meaning, text].filter((part) => part !== '').join(t('outbox.error.join'));
  }
  const late = /^no (?:answer|acknowledgement) within (\d+) s$/.exec(error);
  if (late !== null) return t('outbox.error.late', { count: Number(late[1]) });
  const reached = /^cannot be reached: (\w+)$/.exec(error);
  const code = reached?.[1];
  if (code !== undefined && code in CODES) return t(`outbox.error.${CODES[code as keyof typeof CODES]}`);
  return error;
}

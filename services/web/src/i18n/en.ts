import { auditEn } from './texts/audit.en.ts';
import { boundaryEn } from './texts/boundary.en.ts';
import { cadreEn } from './texts/cadre.en.ts';
import { camerasEn } from './texts/cameras.en.ts';
import { deskEn } from './texts/desk.en.ts';
import { directorEn } from './texts/director.en.ts';
import { fieldEn } from './texts/field.en.ts';
import { findingsEn } from './texts/findings.en.ts';
import { gatewaysEn } from './texts/gateways.en.ts';
import { ledgerEn } from './texts/ledger.en.ts';
import { liveEn } from './texts/live.en.ts';
import { mapEn } from './texts/map.en.ts';
import { meanwhileEn } from './texts/meanwhile.en.ts';
import { merchantEn } from './texts/merchant.en.ts';
import { notifyEn } from './texts/notify.en.ts';
import { onboardEn } from './texts/onboard.en.ts';
import { operatorEn } from './texts/operator.en.ts';
import { ordersEn } from './texts/orders.en.ts';
import { peopleEn } from './texts/people.en.ts';
import { placeEn } from './texts/place.en.ts';
import { platformOrdersEn } from './texts/platform-orders.en.ts';
import { problemEn } from './texts/problem.en.ts';
import { proposalsEn } from './texts/proposals.en.ts';
import { publicEn } from './texts/public.en.ts';
import { registryEn } from './texts/registry.en.ts';
import { retentionEn } from './texts/retention.en.ts';
import { settingsEn } from './texts/settings.en.ts';
import { taskHistoryEn } from './texts/task-history.en.ts';
import { tasksEn } from './texts/tasks.en.ts';
import { tipsEn } from './texts/tips.en.ts';
import type { Texts } from './zh.ts';

/** English: the second language, same keys as zh.ts. */
export const en: Texts = {
  problem: problemEn,
  cadre: cadreEn,
  director: directorEn,
  public: publicEn,
  merchant: merchantEn,
  ledger: ledgerEn,
  meanwhile: meanwhileEn,
  ...peopleEn,
  ...deskEn,
  ...fieldEn,
  ...liveEn,
  ...onboardEn,
  ...operatorEn,
  ...auditEn,
  ...platformOrdersEn,
  ...retentionEn,
  ...registryEn,
  ...settingsEn,
  ...notifyEn,
  ...mapEn,
  ...boundaryEn,
  ...placeEn,
  ...findingsEn,
  ...camerasEn,
  ...tasksEn,
  ...tipsEn,
  ...taskHistoryEn,
  ...ordersEn,
  ...proposalsEn,
  ...gatewaysEn,
  product: { full: 'Mingzao 明灶', tagline: 'Open kitchens, watched with care' },
  language: { switch: 'Switch language' },
  nav: {
    main: 'Main',
    today: 'Today',
    field: 'Field work',
    cadre: 'My merchants',
    kitchen: 'My kitchen',
    ledger: 'Ledgers',
    findings: 'Findings',
    tips: 'Tips',
    live: 'Live',
    cameras: 'Cameras',
    tasks: 'Tasks',
    registry: 'Registry',
    gateways: 'Gateways',
    overview: 'Figures',
    proposals: 'Proposals',
    notifications: 'Notices',
    accounts: 'Accounts',
    system: 'System',
    settings: 'Policy',
    me: 'My account',
    more: 'More',
    skip: 'Skip to content',
  },
  theme: { light: 'Switch to light', dark: 'Switch to dark' },
  session: {
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    signOut: 'Sign out',
    wrong: 'Wrong user name or password',
    tooMany: 'Too many attempts. Please try again later',
    expired: 'Your session has ended. Please sign in again',
    missing: 'Enter user name and password',
  },
  overview: {
    label: 'Overview',
    online: 'online',
    offline: 'offline',
    frozen: 'frozen',
    pending: 'to review',
    tasks: 'open tasks',
    tips: 'tips',
    overdue: 'overdue',
    queue: 'queued',
    cameras: 'Cameras',
    queueHint: 'looks waiting for detection',
    failed: 'Overview unavailable',
  },
  time: {
    daysHours: '{{d}} d {{h}} h',
    hoursMinutes: '{{h}} h {{m}} min',
    minutesSeconds: '{{m}} min {{s}} s',
    now: 'just now',
  },
  error: {
    title: 'Could not be loaded',
    network: 'The server cannot be reached. Check the network',
    server: 'The server failed ({{status}})',
    forbidden: 'You may not see this',
    notFound: 'This does not exist',
    retry: 'Try again',
    stale: 'Update failed; shown as of {{age}}',
    page: 'The page failed',
    reload: 'Reload the page',
    what: {
      notifications: 'Notifications',
      findings: 'Findings',
      finding: 'Finding',
      cameras: 'Cameras',
      coverage: 'Coverage',
      tasks: 'Tasks',
      ledger: 'Ledgers',
      public: 'Public view',
      field: 'Field work',
      gateways: 'Gateways',
      registry: 'Registry',
      system: 'System state',
      outbox: 'Deliveries',
      audit: 'Audit',
      policy: 'Policies and templates',
      leads: 'Leads',
      tips: 'Tips',
      proposals: 'Proposals',
      precision: 'Precision',
      statistics: 'Statistics',
      session: 'Session',
    },
  },
  loading: 'Loading',
};

/** What people are told, in their language: one message with problem, place, deadline and the way to the clip. */
import { localTime } from './hours.ts';
import type { Language, NotifyTopic } from './notify.ts';
import type { FaultKind, ViolationKind } from './words.ts';

/** One thing to be told of. */
export interface Notice {
  topic: NotifyTopic | 'test';
  about: string;
  /** 1, then one more for each reminder. */
  occurrence: number;
  kind: ViolationKind | FaultKind | null;
  /** Name of the merchant, or of the gateway or region where there is none. */
  place: string;
  /** Name of the region, where one message is of several places. */
  region: string;
  /** Zone and camera, e.g. 烹饪区·灶台, or the gateway that failed; empty where there is none. */
  spot: string;
  /** Number of the task. */
  number: string | null;
  at: Date;
  acknowledgeDue: Date | null;
  submitDue: Date | null;
  timeZone: string;
  /** Path of the page that shows it with its clip. */
  path: string;
}

/** The message as it is frozen; each channel writes it in its own form. */
export interface NoticeText {
  language: Language;
  title: string;
  lines: string[];
  link: string;
}

const KINDS: Record<Language, Record<ViolationKind | FaultKind, string> & Partial<Record<string, string>>> = {
  'zh-CN': {
    no_hat: '未戴帽',
    no_mask: '未戴口罩',
    rodent: '疑似有害生物',
    smoking: '吸烟',
    phone: '使用手机',
    no_uniform: '未穿工作服',
    bin_open: '垃圾桶未加盖',
    intruder: '外来人员',
    fire_unattended: '动火离人',
    other: '其他问题',
    offline: '离线',
    black: '画面全黑',
    frozen: '画面冻结',
    covered: '镜头被遮挡',
    blurred: '画面模糊',
    moved: '镜头被移动',
    clock: '时钟不准',
  },
  en: {
    no_hat: 'no hat',
    no_mask: 'no mask',
    rodent: 'suspected pest',
    smoking: 'smoking',
    phone: 'phone in use',
    no_uniform: 'no uniform',
    bin_open: 'bin open',
    intruder: 'intruder',
    fire_unattended: 'fire unattended',
    other: 'other problem',
    offline: 'offline',
    black: 'black picture',
    frozen: 'frozen picture',
    covered: 'lens covered',
    blurred: 'blurred picture',
    moved: 'camera moved',
    clock: 'wrong clock',
  },
};

const ABOUT: Record<Language, Record<string, string>> = {
  'zh-CN': {
    new: '待处理',
    submitted: '已提交整改',
    appealed: '已申诉',
    appeal_rejected: '申诉被驳回',
    returned: '整改被退回',
    escalated: '逾期，已升级',
    transferred: '已移送',
    withdrawn: '已撤销',
    closed: '已办结',
    // told only when it goes on: an upheld appeal took the recurrence back
    recheck_due: '复发已撤回，回头看继续',
    recheck_passed: '回头看通过',
    recurred: '再次发生',
    reopened: '重新打开',
    review_overdue: '超时未核查',
    history_broken: '历史记录校验失败',
    opened: '发生故障',
  },
  en: {
    new: 'to be handled',
    submitted: 'rectification submitted',
    appealed: 'appealed',
    appeal_rejected: 'appeal rejected',
    returned: 'returned',
    escalated: 'overdue, escalated',
    transferred: 'transferred',
    withdrawn: 'withdrawn',
    closed: 'closed',
    recheck_due: 'not recurred after all, recheck goes on',
    recheck_passed: 'recheck passed',
    recurred: 'happened again',
    reopened: 'reopened',
    review_overdue: 'not reviewed in time',
    history_broken: 'its history fails the check',
    opened: 'failed',
  },
};

const WORDS = {
  'zh-CN': {
    from: '【明灶】',
    join: '：',
    many: {
      finding: (n: number) => `${n} 条待核查线索`,
      task: (n: number) => `${n} 项整改任务通知`,
      fault: (n: number) => `${n} 条设备通知`,
    },
    one: { finding: '待核查线索', task: '整改任务', fault: '设备' },
    reminder: (n: number) => `第 ${n} 次提醒 `,
    acknowledge: '签收截止 ',
    submit: '整改截止 ',
    more: (n: number) => `另有 ${n} 条，见链接`,
    recovered: '已恢复',
    sep: '，',
    test: '这是一条测试消息：能看到它，说明这个地址可以收到通知。',
    testTitle: '测试消息',
    open: '查看片段并处理：',
  },
  en: {
    from: '[Mingzao] ',
    join: ': ',
    many: {
      finding: (n: number) => `${n} findings to review`,
      task: (n: number) => `${n} task notices`,
      fault: (n: number) => `${n} device notices`,
    },
    one: { finding: 'finding to review', task: 'rectification task', fault: 'device' },
    reminder: (n: number) => `Reminder ${n}: `,
    acknowledge: 'acknowledge by ',
    submit: 'rectify by ',
    more: (n: number) => `and ${n} more, see the link`,
    recovered: 'works again',
    sep: ', ',
    test: 'This is a test: seeing it means that notices reach this address.',
    testTitle: 'Test message',
    open: 'Clip and answer: ',
  },
} as const;

/** Things that a message names one by one; what is beyond is counted. */
const NAMED = 5;
/** Where each topic's list is. */
const LISTS: Record<NotifyTopic, string> = { finding: '/findings', task: '/tasks', fault: '/cameras' };

/** @param notices at least one, of one topic, and of one place or several of one region, oldest first @param baseUrl where the page is, without a slash at the end */
export function writeNotice(notices: readonly Notice[], language: Language, baseUrl: string): NoticeText {
  const words = WORDS[language];
  const [first] = notices;
  if (first === undefined) throw new RangeError('a message without a notice');
  if (first.topic === 'test')
    return {
      language,
      title: words.from + words.testTitle,
      lines: [words.test],
      link: `${baseUrl}${first.path}`,
    };
  const { topic } = first;
  const reminders = Math.max(...notices.map(({ occurrence }) => occurrence)) - 1;
  const what =
    notices.length > 1
      ? words.many[topic](notices.length)
      : `${kindOf(first, language)} ${statusOf(first, language)}`;
  const place = notices.every((notice) => notice.place === first.place) ? first.place : first.region;
  const title = `${words.from}${reminders > 0 ? words.reminder(reminders) : ''}${place}${words.join}${what}`;
  const lines = notices.slice(0, NAMED).map((notice) => line(notice, language));
  if (notices.length > NAMED) lines.push(words.more(notices.length - NAMED));
  const path = notices.length === 1 ? first.path : LISTS[topic];
  return { language, title, lines, link: `${baseUrl}${path}` };
}

/** The words before the link. */
export function linkWords(language: Language): string {
  return WORDS[language].open;
}

function line(notice: Notice, language: Language): string {
  const words = WORDS[language];
  const parts = [
    [notice.number, kindOf(notice, language), statusOf(notice, language)].filter(Boolean).join(' '),
    notice.spot,
    timeOf(notice.at, notice.timeZone),
  ];
  if (owes(notice) && notice.acknowledgeDue !== null && notice.about === 'new')
    parts.push(words.acknowledge + timeOf(notice.acknowledgeDue, notice.timeZone));
  if (owes(notice) && notice.submitDue !== null)
    parts.push(words.submit + timeOf(notice.submitDue, notice.timeZone));
  return parts.filter((part) => part !== '').join(words.sep);
}

/** News after which the merchant has something to do until a time. */
function owes({ topic, about }: Notice): boolean {
  return topic === 'task' && ['new', 'returned', 'appeal_rejected', 'escalated'].includes(about);
}

function kindOf({ kind, topic }: Notice, language: Language): string {
  if (kind !== null) return KINDS[language][kind];
  return topic === 'test' ? '' : WORDS[language].one[topic];
}

function statusOf({ about, topic }: Notice, language: Language): string {
  if (topic === 'fault' && about === 'closed') return WORDS[language].recovered;
  return ABOUT[language][about] ?? about;
}

/** 11-21 18:30 where the kitchen is. */
function timeOf(at: Date, timeZone: string): string {
  const { date, minute } = localTime(at, timeZone);
  const hours = String(Math.floor(minute / 60)).padStart(2, '0');
  return `${date.slice(5)} ${hours}:${String(minute % 60).padStart(2, '0')}`;
}

import { auditZh } from './texts/audit.zh.ts';
import { boundaryZh } from './texts/boundary.zh.ts';
import { cadreZh } from './texts/cadre.zh.ts';
import { camerasZh } from './texts/cameras.zh.ts';
import { deskZh } from './texts/desk.zh.ts';
import { directorZh } from './texts/director.zh.ts';
import { fieldZh } from './texts/field.zh.ts';
import { findingsZh } from './texts/findings.zh.ts';
import { gatewaysZh } from './texts/gateways.zh.ts';
import { ledgerZh } from './texts/ledger.zh.ts';
import { liveZh } from './texts/live.zh.ts';
import { mapZh } from './texts/map.zh.ts';
import { meanwhileZh } from './texts/meanwhile.zh.ts';
import { merchantZh } from './texts/merchant.zh.ts';
import { notifyZh } from './texts/notify.zh.ts';
import { onboardZh } from './texts/onboard.zh.ts';
import { operatorZh } from './texts/operator.zh.ts';
import { ordersZh } from './texts/orders.zh.ts';
import { peopleZh } from './texts/people.zh.ts';
import { placeZh } from './texts/place.zh.ts';
import { platformOrdersZh } from './texts/platform-orders.zh.ts';
import { problemZh } from './texts/problem.zh.ts';
import { proposalsZh } from './texts/proposals.zh.ts';
import { publicZh } from './texts/public.zh.ts';
import { registryZh } from './texts/registry.zh.ts';
import { retentionZh } from './texts/retention.zh.ts';
import { settingsZh } from './texts/settings.zh.ts';
import { taskHistoryZh } from './texts/task-history.zh.ts';
import { tasksZh } from './texts/tasks.zh.ts';
import { tipsZh } from './texts/tips.zh.ts';

/** 简体中文: the first language. Its keys are the keys of all languages; the glossary's words are those of design.md. */
export const zh = {
  problem: problemZh,
  cadre: cadreZh,
  director: directorZh,
  public: publicZh,
  merchant: merchantZh,
  ledger: ledgerZh,
  meanwhile: meanwhileZh,
  ...peopleZh,
  ...deskZh,
  ...fieldZh,
  ...liveZh,
  ...onboardZh,
  ...operatorZh,
  ...auditZh,
  ...platformOrdersZh,
  ...retentionZh,
  ...registryZh,
  ...settingsZh,
  ...notifyZh,
  ...mapZh,
  ...boundaryZh,
  ...placeZh,
  ...findingsZh,
  ...camerasZh,
  ...tasksZh,
  ...tipsZh,
  ...taskHistoryZh,
  ...ordersZh,
  ...proposalsZh,
  ...gatewaysZh,
  product: { full: '明灶 Mingzao', tagline: '明厨亮灶 · 智慧监管' },
  language: { switch: '切换语言' },
  nav: {
    main: '主导航',
    today: '今天',
    field: '现场核查',
    cadre: '包保督导',
    kitchen: '我的后厨',
    ledger: '三本账',
    findings: '问题线索',
    tips: '群众线索',
    live: '实时巡查',
    cameras: '摄像头',
    tasks: '整改任务',
    registry: '监管对象',
    gateways: '网关',
    overview: '监管总览',
    proposals: '规则建议',
    notifications: '通知',
    accounts: '账号',
    system: '系统',
    settings: '政策',
    me: '我的账号',
    more: '更多',
    skip: '跳到主要内容',
  },
  theme: { light: '切换为浅色', dark: '切换为深色' },
  session: {
    username: '用户名',
    password: '密码',
    submit: '登录',
    signOut: '退出登录',
    wrong: '用户名或密码不正确',
    tooMany: '尝试次数过多，请稍后再试',
    expired: '登录已过期，请重新登录',
    missing: '请填写用户名和密码',
  },
  overview: {
    label: '运行概况',
    online: '在线',
    offline: '离线',
    frozen: '画面冻结',
    pending: '待核查',
    tasks: '整改中',
    tips: '群众线索',
    overdue: '超期',
    queue: '排队',
    cameras: '摄像头',
    queueHint: '等待检测的巡看',
    failed: '概况暂不可用',
  },
  /** 问题线索来源 */
  /** 框上的文字：结论随种类而变 */
  time: {
    daysHours: '{{d}} 天 {{h}} 小时',
    hoursMinutes: '{{h}} 小时 {{m}} 分',
    minutesSeconds: '{{m}} 分 {{s}} 秒',
    now: '刚刚',
  },
  error: {
    title: '没有加载成功',
    network: '连不上服务器，请检查网络',
    server: '服务器出错（{{status}}）',
    forbidden: '您无权查看这些内容',
    notFound: '内容不存在',
    retry: '重试',
    stale: '更新失败，显示的是 {{age}} 的内容',
    page: '页面出错',
    reload: '重新加载页面',
    what: {
      notifications: '通知设置',
      findings: '线索列表',
      finding: '线索详情',
      cameras: '摄像头',
      coverage: '观察时长',
      tasks: '整改任务',
      ledger: '三本账',
      public: '公众视图',
      field: '现场核查',
      gateways: '网关',
      registry: '监管对象',
      system: '运行状态',
      outbox: '外发',
      audit: '审计记录',
      policy: '政策与模板',
      leads: '线索移送',
      tips: '群众线索',
      proposals: '规则建议',
      precision: '准确率',
      statistics: '统计数据',
      session: '登录状态',
    },
  },
  loading: '加载中',
};

/** Every language has these keys; values are plain text with {{names}}. */
export type Texts = typeof zh;

import type { View } from './scenes.ts';

/** The demo's little county, in the words of `npm run import` (docs/examples). */
export const GATEWAYS = { main: 'demo-gateway', shaky: 'demo-gateway-2' } as const;

/** How a demo camera behaves. `people` shows part 1..6 of the photographs; `freezes`/`goes_offline` after some seconds. */
export type Behaviour =
  | { kind: 'people'; photo: 1 | 2 | 3 | 4 | 5 | 6; from: View; to: View }
  | { kind: 'empty' }
  | { kind: 'freezes'; afterS: number; photo: 1 | 2 | 3 | 4 | 5 | 6; from: View; to: View }
  | { kind: 'goes_offline'; afterS: number };

export interface DemoCamera {
  code: string;
  name: string;
  merchant: string;
  zone: string;
  over: 'mqtt' | 'rtsp';
  gateway?: (typeof GATEWAYS)[keyof typeof GATEWAYS];
  behaviour: Behaviour;
}

export const REGIONS = [
  { code: 'huojia', level: 'county', name: '获嘉县（演示）' },
  { code: 'chengguan', parent: 'huojia', level: 'town', name: '城关镇' },
  { code: 'chengguan-1', parent: 'chengguan', level: 'grid', name: '城关第一网格' },
];

export const MERCHANTS = [
  { code: 'no1-school', region: 'chengguan-1', name: '第一小学食堂', type: 'school_canteen', level: 'A' },
  { code: 'lao-wang', region: 'chengguan-1', name: '老王面馆', type: 'restaurant', level: 'C' },
];

export const ZONES = [
  { merchant: 'no1-school', code: 'cooking', kind: 'cooking', name: '烹饪区' },
  { merchant: 'no1-school', code: 'special', kind: 'special_room', name: '凉菜专间' },
  { merchant: 'no1-school', code: 'store', kind: 'storage', name: '库房' },
  { merchant: 'lao-wang', code: 'cooking', kind: 'cooking', name: '后厨' },
  { merchant: 'lao-wang', code: 'cutting', kind: 'cutting', name: '切配区' },
];

export const CAMERAS: DemoCamera[] = [
  {
    code: 'school-stove',
    name: '灶台',
    merchant: 'no1-school',
    zone: 'cooking',
    over: 'mqtt',
    gateway: GATEWAYS.main,
    behaviour: {
      kind: 'people',
      photo: 5,
      from: { left: 0.1, top: 0, width: 0.86 },
      to: { left: 0.14, top: 0.02, width: 0.8 },
    },
  },
  {
    code: 'school-cold-dishes',
    name: '凉菜专间',
    merchant: 'no1-school',
    zone: 'special',
    over: 'mqtt',
    gateway: GATEWAYS.main,
    behaviour: {
      kind: 'people',
      photo: 6,
      from: { left: 0, top: 0.06, width: 0.9 },
      to: { left: 0.08, top: 0.08, width: 0.86 },
    },
  },
  {
    code: 'noodles-stove',
    name: '面馆灶台',
    merchant: 'lao-wang',
    zone: 'cooking',
    over: 'mqtt',
    gateway: GATEWAYS.main,
    behaviour: {
      kind: 'people',
      photo: 3,
      from: { left: 0.1, top: 0, width: 0.9 },
      to: { left: 0.14, top: 0.02, width: 0.84 },
    },
  },
  {
    code: 'school-store',
    name: '库房',
    merchant: 'no1-school',
    zone: 'store',
    over: 'mqtt',
    gateway: GATEWAYS.main,
    behaviour: { kind: 'empty' },
  },
  {
    code: 'noodles-cutting',
    name: '切配台',
    merchant: 'lao-wang',
    zone: 'cutting',
    over: 'mqtt',
    gateway: GATEWAYS.main,
    behaviour: {
      kind: 'freezes',
      afterS: 15,
      photo: 2,
      from: { left: 0, top: 0, width: 0.9 },
      to: { left: 0.1, top: 0, width: 0.9 },
    },
  },
  {
    code: 'noodles-door',
    name: '后门',
    merchant: 'lao-wang',
    zone: 'cooking',
    over: 'mqtt',
    gateway: GATEWAYS.shaky,
    behaviour: { kind: 'goes_offline', afterS: 25 },
  },
  {
    code: 'school-rtsp',
    name: '打餐口（RTSP）',
    merchant: 'no1-school',
    zone: 'cooking',
    over: 'rtsp',
    behaviour: {
      kind: 'people',
      photo: 4,
      from: { left: 0, top: 0, width: 0.9 },
      to: { left: 0.1, top: 0.02, width: 0.86 },
    },
  },
];

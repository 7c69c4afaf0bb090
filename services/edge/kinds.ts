/**
 * What boxes call things, as our kinds. Makers name them in Chinese, English and numbers; the words are matched, the numbers stand in
 * the adapters. What matches nothing is kept and counted under its own name, and an operator may map it (`edge_kind`).
 */

/** Kinds of findings (domain.md, "What is looked for") that a box may report. */
export const EDGE_FINDING_KINDS = [
  'no_hat', // 未戴帽
  'no_mask', // 未戴口罩
  'rodent', // 疑似有害生物
  'smoking', // 吸烟
  'phone', // 使用手机
  'no_uniform', // 未穿工服
  'bin_open', // 垃圾桶未盖
  'intruder', // 陌生人闯入
  'fire_unattended', // 动火离人
] as const;

/** Faults of the camera: device tickets, never violations. */
export const EDGE_FAULT_KINDS = ['offline', 'black', 'frozen', 'covered', 'blurred', 'moved'] as const;

export type EdgeFindingKind = (typeof EDGE_FINDING_KINDS)[number];
export type EdgeFaultKind = (typeof EDGE_FAULT_KINDS)[number];
/** `ignored`: known, and no business of ours (motion, line crossing). */
export type EdgeKind = EdgeFindingKind | EdgeFaultKind | 'ignored';

export const EDGE_KINDS = [...EDGE_FINDING_KINDS, ...EDGE_FAULT_KINDS, 'ignored'] as const;

/** Ordered: the first that matches counts. `NoMask` and `no_mask` and `no mask` are one word. */
const WORDS: readonly (readonly [RegExp, EdgeKind])[] = [
  [
    /(未|没|不|无).{0,3}(戴|带|佩戴).{0,6}帽|(no|without|not ?wear(ing)?) ?(chef|work|cook)? ?(hat|cap)\b|nohat|nocap/,
    'no_hat',
  ],
  [/(未|没|不|无).{0,3}(戴|带|佩戴).{0,4}口罩|(no|without|not ?wear(ing)?) ?(face)? ?mask|nomask/, 'no_mask'],
  [/老鼠|鼠患|鼠类|有害生物|rodent|\brats?\b|\bmouse\b|\bmice\b/, 'rodent'],
  [/(抽|吸)烟|smoking/, 'smoking'],
  [
    /(打|接|玩|看|用).{0,3}(手机|电话)|(mobile|cell) ?phone|phoning|phone ?call|call(ing)? ?phone|play ?phone/,
    'phone',
  ],
  [
    /(未|没|不).{0,3}(穿|着).{0,6}(工服|工作服|厨师服|工装|制服)|(no|without) ?(work)? ?(uniform|clothes|overall)/,
    'no_uniform',
  ],
  [/垃圾桶|垃圾箱|(dust|trash|garbage|waste) ?(bin|can)|bin ?(open|uncovered)/, 'bin_open'],
  [/陌生人|闯入|区域入侵|人员入侵|stranger|intrusion|intruder/, 'intruder'],
  [/动火离人|离人|unattended ?(fire|stove)|fire ?unattended/, 'fire_unattended'],
  [/遮挡|videoblind|video ?blind|shelteralarm|tamper(detection)?|occlu/, 'covered'],
  [/视频丢失|videoloss|video ?loss|设备离线|通道离线|device ?offline/, 'offline'],
  [/虚焦|模糊|defocus|blur/, 'blurred'],
  [/场景变更|视角变化|scenechange|scene ?change|videoabnormal ?move/, 'moved'],
  [/黑屏|black ?screen/, 'black'],
  [/画面冻结|冻结|video ?freeze|frozen/, 'frozen'],
  [
    /移动侦测|运动目标|videomotion|video ?motion|^vmd$|motion ?detect|越界|linedetection|cross ?line/,
    'ignored',
  ],
];

/** Our kind for the box's words; undefined when none says anything we know. */
export function kindOfWords(...words: readonly string[]): EdgeKind | undefined {
  const text = words
    .map((word) => word.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' '))
    .join(' | ')
    .toLowerCase();
  return WORDS.find(([pattern]) => pattern.test(text))?.[1];
}

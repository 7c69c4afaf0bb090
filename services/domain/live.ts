/** Looking at live pictures: for a purpose that is stated before, for a while. Stored evidence of findings and tasks asks none. */

export const LIVE_PURPOSES = [
  'patrol', // 网上巡查
  'verify_finding', // 线索核实
  'check_task', // 整改核查
  'complaint', // 投诉举报核实
  'prepare_visit', // 现场检查准备
  'emergency', // 应急处置
  'device_check', // 设备检修
  'own_check', // 经营主体自查
  'other', // 其他（须写明）
] as const;
export type LivePurpose = (typeof LIVE_PURPOSES)[number];

/** Minutes that a stated purpose holds. */
export const LIVE_MINUTES = 30;

export const liveUntil = (from: Date): Date => new Date(from.getTime() + LIVE_MINUTES * 60_000);

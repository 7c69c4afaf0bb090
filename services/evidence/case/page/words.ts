/** Words of the case file's page (zh-CN). A code without a word is shown as it is. */

const KINDS: Record<string, string> = { no_hat: '未戴帽', no_mask: '未戴口罩', rodent: '疑似有害生物' };

const STATES: Record<string, string> = {
  pending_review: '待核查',
  confirmed: '已确认',
  dismissed: '已排除',
  merged: '已合并',
  expired: '已过期',
  issued: '已下发',
  acknowledged: '已签收',
  submitted: '已提交整改',
  returned: '已退回',
  appealed: '申诉中',
  escalated: '已升级',
  transferred: '已移送',
  withdrawn: '已撤销',
  closed: '已办结',
  recheck_due: '回头看中',
  recheck_passed: '回头看通过',
  recurred: '复发',
};

const COMMANDS: Record<string, string> = {
  visit: '到场核查',
  export: '导出案卷',
  hold: '证据保全',
  lift_hold: '解除保全',
  submit: '提交整改',
  appeal: '申诉',
  uphold_appeal: '申诉成立',
  reject_appeal: '申诉驳回',
  resume_recheck: '复发撤回，回头看继续',
  return: '退回',
  escalate: '升级',
};

const REASONS: Record<string, string> = {
  violation: '属实',
  field_visit: '到场核查',
  appeal_upheld: '申诉成立',
};

const VISITS: Record<string, string> = {
  put_right: '已整改到位',
  not_put_right: '未整改到位',
  confirmed: '线索属实',
  not_seen: '现场未见',
  found: '现场新发现',
};

const look = (words: Record<string, string>, code: string): string => words[code] ?? code;
export const kindWord = (code: string): string => look(KINDS, code);
export const stateWord = (code: string): string => look(STATES, code);
export const visitWord = (code: string): string => look(VISITS, code);
export const commandWord = (code: string): string => look(COMMANDS, code);
export const reasonWord = (code: string): string => look(REASONS, code);

/** Text and attribute values. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** Time on the wall of the region, to the second. */
export function wallTime(iso: string | null, timeZone: string): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '—';
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(at);
}

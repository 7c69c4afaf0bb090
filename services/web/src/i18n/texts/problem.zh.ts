/** 服务器拒绝请求时的说明：没有更具体的说法时按种类。 */
export const problemZh = {
  'invalid-request': '填写的内容有误，请检查后重试',
  conflict: '与现有内容冲突，请刷新后重试',
  'not-allowed': '当前账号无权执行此操作',
  'not-found': '内容不存在，或不在本账号范围内',
  'too-large': '内容过大',
  'too-many-attempts': '操作过于频繁，请稍后再试',
  unavailable: '服务暂时不可用，请稍后再试',
  other: '操作没有成功，请稍后重试',
  field: '填写的内容不正确',
  asAsked: '符合要求的内容',
  entry: '第 {{n}} 项',
  row: '第 {{row}} 行 ',
  more: '；共 {{count}} 处',
};

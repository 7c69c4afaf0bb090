/** 表单填写期间内容被他人改动。 */
export const meanwhileZh = {
  changed: '其间已有人改动了这里的内容。',
  changedWhat: '其间已有人改动：{{what}}。',
  kept: '您做的改动还在，尚未保存。',
  take: '载入现在的内容',
  keep: '仍用我的内容',
};

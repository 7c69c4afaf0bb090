import type { Manifest, ManifestItem } from '../manifest.ts';
import { commandWord, html, kindWord, reasonWord, stateWord, visitWord, wallTime } from './words.ts';

type Fields = Record<string, unknown>;

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

/** Pictures with their boxes, clips and documents of one item. */
export function pictures(item: ManifestItem, fields: Fields, timeZone: string): string {
  return item.objects
    .map((object) => {
      if (object.path === null)
        return `<figure class="gone">${object.removal === null ? '文件缺失' : '保存期满，已清除'}<figcaption>#${item.seq} ${html(wallTime(item.capturedAt, timeZone))}</figcaption></figure>`;
      const caption = `#${item.seq} ${item.source === 'photo' ? '整改照片' : ''} ${wallTime(item.capturedAt, timeZone)}`;
      return `<figure><div class="stage">${media(object, fields)}</div><figcaption>${html(caption)}</figcaption></figure>`;
    })
    .join('');
}

function media(object: { path: string | null; contentType: string }, fields: Fields): string {
  const path = html(object.path ?? '');
  if (object.contentType.startsWith('video/'))
    return `<video controls preload="metadata" src="${path}"></video>`;
  if (object.contentType.startsWith('image/'))
    return `<a href="${path}"><img loading="lazy" src="${path}" alt=""></a>${boxes(fields)}`;
  return `<a href="${path}">${path}</a>`;
}

/** What was detected in a frame; boxes are [x1, y1, x2, y2] in 0..1. Anything else in their place is left out. */
function boxes(fields: Fields): string {
  const detail = (fields.detail ?? {}) as { detections?: unknown };
  const detections = Array.isArray(detail.detections) ? (detail.detections as Fields[]) : [];
  return detections
    .map(({ box, kind, verdict, score }) => {
      if (!Array.isArray(box) || box.length !== 4 || !box.every((n) => typeof n === 'number')) return '';
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = (box as number[]).map(
        (n) => Math.min(1, Math.max(0, n)) * 100,
      );
      const label = `${kindWord(String(kind))} ${typeof score === 'number' ? score.toFixed(2) : ''}`;
      const tone = verdict === 'yes' ? 'yes' : verdict === 'no' ? 'no' : 'uncertain';
      return `<i class="box ${tone}" style="left:${x1}%;top:${y1}%;width:${x2 - x1}%;height:${y2 - y1}%" title="${html(label)}"></i>`;
    })
    .join('');
}

/** Where a device said it was: stated, not proven. */
function visitPlace({ lat, lon, accuracy_m: accuracy }: Fields): string {
  if (typeof lat !== 'number' || typeof lon !== 'number') return '（设备未提供位置）';
  const radius = typeof accuracy === 'number' ? `±${Math.round(accuracy)} 米` : '';
  return `（设备自述位置 ${lat.toFixed(6)}, ${lon.toFixed(6)}${radius}）`;
}

/** What happened, in one line of HTML. */
export function sentence(item: ManifestItem, fields: Fields, people: Manifest['people']): string {
  const person = people.find(({ id }) => id === item.by);
  const who = item.by === null ? '系统' : person?.displayName || person?.username || item.by;
  const note = [reasonWord(text(fields, 'reason')), text(fields, 'note')].filter(Boolean).join('；');
  const said = note === '' ? '' : `：${html(note)}`;
  switch (item.source) {
    case 'finding':
      return `发现问题线索：${html(kindWord(text(fields, 'kind')))}`;
    case 'report':
      return `${html(who)} 上报：<q>${html([text(fields, 'place'), text(fields, 'text')].filter(Boolean).join('：'))}</q>`;
    case 'evidence':
      return `收到${text(fields, 'kind') === 'clip' ? '视频片段' : '画面'}，按原样保存`;
    case 'verdict':
      return `${html(who)} 核查：${html(stateWord(text(fields, 'to_state')))}${said}`;
    case 'task':
      return `下发整改任务 ${html(text(fields, 'number'))}，整改期限 ${html(text(fields, 'submit_due'))}`;
    case 'photo':
      return `${html(who)} 上传整改照片`;
    case 'answer':
      return `${html(who)} ${text(fields, 'type') === 'appeal' ? '申诉' : '提交整改'}：<q>${html(text(fields, 'text'))}</q>`;
    case 'visit':
      return `${html(who)} 到场核查：${html(visitWord(text(fields, 'outcome')))}${visitPlace(fields)}<q>${html(text(fields, 'text'))}</q>`;
    case 'document':
      return `${html(who)} 制发文书：${html(`《${text(fields, 'title')}》${text(fields, 'number')}`)}`;
    case 'document_void':
      return `${html(who)} 宣布文书 ${html(text(fields, 'number'))} 作废：${html(text(fields, 'void_reason'))}`;
    case 'edge_event':
      return `收到盒子报警（${html([text(fields, 'format'), text(fields, 'type')].join(' · '))}），报文按原样保存`;
    case 'removal':
      return '保存期满，按规定清除影像文件（哈希值保留）';
    case 'history': {
      const command = text(fields, 'command');
      const to = stateWord(text(fields, 'to_state'));
      return `${html(who)} ${html(command === '' ? to : `${commandWord(command)} → ${to}`)}${said}`;
    }
    default:
      return `${html(item.source)}${said}`;
  }
}

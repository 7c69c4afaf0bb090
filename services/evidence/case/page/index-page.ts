/** index.html of a case file: opens offline, without scripts, from the unpacked folder. What it says is in the manifest too. */
import type { Manifest, ManifestCase, ManifestItem, ManifestObject } from '../manifest.ts';
import { pictures, sentence } from './items.ts';
import { STYLE } from './style.ts';
import { html, kindWord, stateWord, wallTime } from './words.ts';

export const INDEX = 'index.html';

/** @param texts of items by their path */
export function indexPage(manifest: Manifest, texts: ReadonlyMap<string, string>): string {
  const [first] = manifest.cases;
  const title = first === undefined ? '案卷' : `案卷 ${first.task?.number ?? first.id}`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="script-src 'none'; object-src 'none'; frame-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${html(title)}</h1>
<p>${html(`由 ${manifest.exportedBy} 于 ${wallTime(manifest.exportedAt, first?.region.timeZone ?? 'UTC')} 导出，用途：${manifest.purpose}`)}</p>
${manifest.hold === null ? '' : `<p class="hold">证据保全中：${html(manifest.hold.reason)}</p>`}</header>
${manifest.cases.map((one) => caseSection(one, manifest, texts)).join('\n')}
${proofSection(manifest)}
</body>
</html>
`;
}

function caseSection(one: ManifestCase, manifest: Manifest, texts: ReadonlyMap<string, string>): string {
  const zone = one.region.timeZone;
  const facts: [string, string][] = [
    ['问题', `${kindWord(one.kind)}（${one.class} 类）`],
    [
      '状态',
      `${stateWord(one.state)}${one.task === null ? '' : ` · 整改任务 ${one.task.number} ${stateWord(one.task.state)}`}`,
    ],
    ['经营主体', `${one.merchant.name}（${one.merchant.licenceNo ?? one.merchant.code}）`],
    ['辖区', one.region.name],
    ['位置', [one.zone.name, one.camera?.name].filter(Boolean).join(' · ')],
    ['发现时间', `${wallTime(one.firstSeen, zone)} 至 ${wallTime(one.lastSeen, zone)}`],
    ['案卷编号', one.id],
  ];
  const parsed = one.items.map((item) => ({ item, json: parse(item, texts) }));
  return `<section><h2>${html(one.task?.number ?? kindWord(one.kind))}</h2>
<dl>${facts.map(([name, value]) => `<dt>${html(name)}</dt><dd>${html(value)}</dd>`).join('')}</dl>
<h3>影像证据</h3><div class="pictures">${parsed.map(({ item, json }) => pictures(item, json, zone)).join('')}</div>
<h3>经过</h3><ol class="timeline">${parsed
    .map(
      ({ item, json }) =>
        `<li><time>${html(wallTime(item.capturedAt ?? item.recordedAt, zone))}</time><span>${sentence(item, json, manifest.people)}</span><small>#${item.seq} ${item.hash.slice(0, 16)}</small></li>`,
    )
    .join('')}</ol>
<h3>清单</h3><table><thead><tr><th>#</th><th>类别</th><th>文件</th><th>SHA-256</th><th>字节</th></tr></thead><tbody>${one.items
    .flatMap((item) => item.objects.map((object) => row(item, object)))
    .join('')}</tbody></table></section>`;
}

function row(item: ManifestItem, object: ManifestObject): string {
  const where =
    object.path !== null
      ? `<a href="${html(object.path)}">${html(object.contentType)}</a>`
      : object.removal === null
        ? '缺失'
        : '保存期满，已清除';
  return `<tr><td>${item.seq}</td><td>${html(item.source)}</td><td>${where}</td><td class="hash">${object.sha256}</td><td>${object.bytes ?? ''}</td></tr>`;
}

function proofSection(manifest: Manifest): string {
  const stamps = manifest.cases.flatMap((one) => one.timeStamps);
  return `<section><h2>真实性核验</h2>
<p>本案卷的每个文件都列于 manifest.json，并以 Ed25519 签名（manifest.sig）。签名公钥指纹（SHA-256）：</p>
<p class="hash">${manifest.keyId}</p>
<p>请向出具单位核对该指纹。核验（无需联网、无需数据库）：</p>
<pre>npm run -s evidence -- verify 案卷.zip --fingerprint ${manifest.keyId}</pre>
<p>或以 OpenSSL 核验签名：</p>
<pre>openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in manifest.json -sigfile manifest.sig</pre>
<p>${
    stamps.length === 0
      ? '本案卷没有可信时间戳。'
      : `可信时间戳（RFC 3161）${stamps.length} 个，见 timestamps 文件夹。`
  }软件：${html(manifest.software.name)} ${html(manifest.software.version)}。人工智能的检出只是线索，不单独作为处罚依据。</p></section>`;
}

function parse(item: ManifestItem, texts: ReadonlyMap<string, string>): Record<string, unknown> {
  const text = item.path === null ? undefined : texts.get(item.path);
  return text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
}

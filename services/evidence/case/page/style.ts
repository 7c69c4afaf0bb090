export const STYLE = `
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:1080px;margin:0 auto;padding:24px;color:#1f2329;background:#fff}
h1{font-size:26px;margin:0}h2{font-size:20px;border-bottom:2px solid #1f2329;padding-bottom:4px;margin-top:36px}h3{font-size:16px;margin:24px 0 8px}
.hold{background:#fff3e0;border-left:4px solid #d4380d;padding:8px 12px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}dt{color:#646a73}dd{margin:0}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:12px}
figure{margin:0;break-inside:avoid}.stage{position:relative;line-height:0}.stage img,.stage video{width:100%;background:#000}
figure.gone{border:1px dashed #8f959e;padding:24px;text-align:center;color:#646a73}figcaption{font-size:13px;color:#646a73;line-height:1.6}
.box{position:absolute;border:2px solid #8f959e;pointer-events:none}.box.yes{border-color:#f54a45}.box.no{border-color:#34c724}
.timeline{list-style:none;padding:0;border-left:2px solid #dee0e3}.timeline li{display:grid;grid-template-columns:180px 1fr max-content;gap:12px;padding:4px 0 4px 12px}
.timeline time{color:#646a73}.timeline small{color:#8f959e;font-family:monospace}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{border:1px solid #dee0e3;padding:4px 8px;text-align:left}
.hash,pre{font-family:monospace;overflow-wrap:anywhere;white-space:pre-wrap}pre{background:#f5f6f7;padding:8px 12px}
@media(max-width:640px){.timeline li{grid-template-columns:1fr}}
@media print{body{max-width:none}}
`;

/** A kitchen drawn around whatever picture stands behind it: hood above, worktop and pots in front. Sizes in pixels. */
export interface SceneSize {
  width: number;
  height: number;
}

const pot = (x: number, y: number, w: number, h: number, lid: boolean): string => `
  <g transform="translate(${x} ${y})">
    <rect x="${-w * 0.14}" y="${h * 0.22}" width="${w * 1.28}" height="${h * 0.12}" rx="4" fill="#6b7278"/>
    <rect width="${w}" height="${h}" rx="8" fill="url(#steel)"/>
    <ellipse cx="${w / 2}" cy="0" rx="${w / 2}" ry="${h * 0.13}" fill="${lid ? '#aab2b8' : '#3a3f43'}"/>
    ${lid ? `<circle cx="${w / 2}" cy="${-h * 0.12}" r="${h * 0.08}" fill="#2c3033"/>` : ''}
  </g>`;

const ladle = (x: number, length: number): string => `
  <g transform="translate(${x} 0)"><rect x="-2" width="4" height="${length}" fill="#8d959b"/>
  <ellipse cy="${length}" rx="11" ry="8" fill="#a7afb5"/></g>`;

/** The foreground as SVG, transparent where the picture shall be seen. */
export function kitchenForeground({ width: w, height: h }: SceneSize): string {
  const top = h * 0.8;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">
    <defs>
      <linearGradient id="steel" x1="0" x2="1"><stop offset="0" stop-color="#7d868d"/><stop offset=".3" stop-color="#d7dde1"/>
        <stop offset=".6" stop-color="#9aa3a9"/><stop offset="1" stop-color="#646c72"/></linearGradient>
      <linearGradient id="top" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#dfe4e7"/><stop offset="1" stop-color="#8f989e"/></linearGradient>
    </defs>
    <path d="M0 0H${w}V${h * 0.03}L${w * 0.93} ${h * 0.07}H${w * 0.07}L0 ${h * 0.03}Z" fill="url(#top)"/>
    <rect x="${w * 0.07}" y="${h * 0.066}" width="${w * 0.86}" height="5" fill="#5b6368"/>
    <g transform="translate(0 ${h * 0.07})">${ladle(w * 0.1, h * 0.13)}${ladle(w * 0.13, h * 0.1)}${ladle(w * 0.9, h * 0.12)}</g>
    <rect y="${top}" width="${w}" height="${h * 0.05}" fill="url(#top)"/>
    <rect y="${top + h * 0.05}" width="${w}" height="${h}" fill="#767f86"/>
    <g stroke="#5e676d" stroke-width="3">${[0.25, 0.5, 0.75].map((x) => `<line x1="${w * x}" x2="${w * x}" y1="${top + h * 0.06}" y2="${h}"/>`).join('')}</g>
    ${pot(w * 0.05, top - h * 0.1, w * 0.12, h * 0.13, true)}
    ${pot(w * 0.8, top - h * 0.07, w * 0.14, h * 0.1, false)}
    <rect x="${w * 0.4}" y="${top - 8}" width="${w * 0.2}" height="12" rx="3" fill="#c9a26b"/>
    <circle cx="${w * 0.46}" cy="${top - 14}" r="10" fill="#c8412f"/><circle cx="${w * 0.49}" cy="${top - 13}" r="9" fill="#d95a3f"/>
    <ellipse cx="${w * 0.55}" cy="${top - 12}" rx="18" ry="8" fill="#5f8f3a"/>
  </svg>`;
}

/** An empty kitchen's wall: tiles, a shelf, a window. */
export function kitchenWall({ width: w, height: h }: SceneSize): string {
  const tile = 48;
  const lines: string[] = [];
  for (let x = 0; x < w; x += tile) lines.push(`<line x1="${x}" x2="${x}" y1="0" y2="${h}"/>`);
  for (let y = 0; y < h; y += tile) lines.push(`<line x1="0" x2="${w}" y1="${y}" y2="${y}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">
    <rect width="${w}" height="${h}" fill="#dfe7ea"/><g stroke="#c3ced3" stroke-width="2">${lines.join('')}</g>
    <rect x="${w * 0.62}" y="${h * 0.22}" width="${w * 0.24}" height="${h * 0.3}" fill="#bcdcf0" stroke="#7d868d" stroke-width="8"/>
    <line x1="${w * 0.74}" x2="${w * 0.74}" y1="${h * 0.22}" y2="${h * 0.52}" stroke="#7d868d" stroke-width="6"/>
    <rect x="${w * 0.12}" y="${h * 0.4}" width="${w * 0.36}" height="10" fill="#9aa3a9"/>
    ${[0.15, 0.22, 0.29, 0.36, 0.42].map((x, i) => `<rect x="${w * x}" y="${h * (0.31 + 0.02 * (i % 2))}" width="${w * 0.045}" height="${h * (0.09 - 0.02 * (i % 2))}" rx="4" fill="${['#d98e4a', '#7aa05b', '#b85c5c', '#e3c46a', '#6f8fa8'][i]}"/>`).join('')}
  </svg>`;
}

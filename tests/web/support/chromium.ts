/** The Chromium that tests drive. */
import { existsSync } from 'node:fs';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

export function chromiumPath(): string {
  const path = process.env.CHROMIUM ?? BROWSERS.find((one) => existsSync(one));
  if (path === undefined) throw new Error('no Chromium found: apt-get install chromium, or set CHROMIUM');
  return path;
}

/** `npm run demo`: standalone with cameras on real photographs (tools/demo). */
import { ensure, plainly, runToEnd } from './lib/ensure.mjs';

await plainly(() => {
  ensure();
  runToEnd('tools/demo/main.ts', process.argv.slice(2));
});

/** `npm start`: everything on one machine (services/standalone). */
import { ensure, plainly, runToEnd } from './lib/ensure.mjs';

await plainly(() => {
  ensure();
  runToEnd('services/standalone/main.ts', process.argv.slice(2));
});

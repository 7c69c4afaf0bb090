/** `node tools/run.mjs FILE.ts …`: runs a tool of the repository by Node 24, with its packages installed first. */
import { ensure, plainly, runToEnd } from './lib/ensure.mjs';

await plainly(() => {
  const [file = '', ...args] = process.argv.slice(2);
  ensure({ web: false });
  runToEnd(file, args);
});

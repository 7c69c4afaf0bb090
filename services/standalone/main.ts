import { runStandalone } from './run.ts';

await runStandalone(process.env);

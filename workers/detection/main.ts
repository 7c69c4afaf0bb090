import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startDetection } from './context.ts';

const worker = await startDetection(readServiceConfig(process.env));
stopOnRequest(() => worker.close());

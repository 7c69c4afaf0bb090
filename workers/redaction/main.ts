import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startRedaction } from './context.ts';

const redaction = await startRedaction(readServiceConfig(process.env));
stopOnRequest(() => redaction.close());

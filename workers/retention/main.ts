import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startRetention } from './context.ts';

const retention = await startRetention(readServiceConfig(process.env));
stopOnRequest(() => retention.close());

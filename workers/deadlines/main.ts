import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startDeadlines } from './context.ts';

const deadlines = startDeadlines(readServiceConfig(process.env));
stopOnRequest(() => deadlines.close());

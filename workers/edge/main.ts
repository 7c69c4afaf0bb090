import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startEdge } from './context.ts';

const edge = startEdge(readServiceConfig(process.env));
stopOnRequest(() => edge.close());

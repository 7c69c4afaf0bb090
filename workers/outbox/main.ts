import { readServiceConfig } from '../../services/config/config.ts';
import { stopOnRequest } from '../../services/config/lifecycle.ts';
import { startOutbox } from './context.ts';

const relay = startOutbox(readServiceConfig(process.env));
stopOnRequest(() => relay.close());

/** The embedded MQTT broker, a process of its own so that gateways stay connected while everything else restarts. */
import { readServiceConfig } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { startBrokerProcess } from './broker-context.ts';

const running = await startBrokerProcess(readServiceConfig(process.env));
stopOnRequest(() => running.close());

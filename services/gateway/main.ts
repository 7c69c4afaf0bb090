/** The gateway process: takes pictures from MQTT gateways and RTSP cameras and makes looks of them. */
import { readServiceConfig } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { startGateway } from './gateway.ts';

const starting = startGateway(readServiceConfig(process.env));
stopOnRequest(async () => (await starting).stop());
await starting;

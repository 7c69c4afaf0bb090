/** The gateway process: takes pictures from MQTT gateways and RTSP cameras and makes looks of them. */
import { readServiceConfig } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { startGateway } from './gateway.ts';
import { Stopped } from './keep-trying.ts';

const giveUp = new AbortController();
const starting = startGateway(readServiceConfig(process.env), {}, { signal: giveUp.signal });
stopOnRequest(async () => {
  giveUp.abort();
  await starting.then(
    (gateway) => gateway.stop(),
    (error) => {
      if (!(error instanceof Stopped)) throw error;
    },
  );
});

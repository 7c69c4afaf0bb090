/** Every route of the server, by hand. */
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { cameraRoutes } from './cameras.ts';
import { gatewayRoutes } from './gateways.ts';
import { merchantRoutes } from './merchants.ts';
import { regionRoutes } from './regions.ts';
import { sessionRoutes } from './session.ts';
import { zoneRoutes } from './zones.ts';

type AddRoutes = (app: App, context: ApiContext) => void;

/** Outside /api/v1. */
export const ROOT_ROUTES: readonly AddRoutes[] = [];

/** Below /api/v1, each guarded (auth.ts). */
export const V1_ROUTES: readonly AddRoutes[] = [
  sessionRoutes,
  regionRoutes,
  merchantRoutes,
  zoneRoutes,
  gatewayRoutes,
  cameraRoutes,
];

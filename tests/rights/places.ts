/** Where the tests' things lie. */
/** Seen from one who works at the first camera of the first merchant of the east. */
export const PLACES = ['inside', 'other_camera', 'other_merchant', 'other_region'] as const;
export type Place = (typeof PLACES)[number];

/** Ids at a place. */
export interface Site {
  regionId: string;
  regionCode: string;
  regionPath: string;
  merchantId: string;
  merchantCode: string;
  zoneId: string;
  cameraId: string;
  cameraCode: string;
  gatewayId: string;
}

export type World = Record<Place, Site> & { admin: string };

export interface Made {
  id: string;
  session?: string;
  token?: string;
  /** Of things that an address names by code. */
  code?: string;
  /** What a list shows of it, where that is not its id. */
  shown?: string;
}

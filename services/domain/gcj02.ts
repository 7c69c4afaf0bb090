/**
 * GCJ-02, the shifted degrees of Chinese map sites, to WGS 84. The shift is the formula that is known since 2010 (on the ellipsoid of
 * Krasovsky 1940); it has no closed inverse, so that the inverse is found by taking the error back. Pure.
 */

const AXIS_M = 6_378_245;
const ECCENTRICITY_2 = 0.006_693_421_622_965_943;
/** The error shrinks by more than a hundred times a round: five leave less than a millimetre. */
const ROUNDS = 5;

type Degrees = readonly [lon: number, lat: number];

/** Where the shift is applied at all: a box around China. */
function isShifted([lon, lat]: Degrees): boolean {
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

/** What all parts of the formula have in common: waves of 1/6 and 1/2 of a degree's length. */
function waves(x: number): number {
  return (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
}

function shiftM([lon, lat]: Degrees): [east: number, north: number] {
  const x = lon - 105;
  const y = lat - 35;
  const root = Math.sqrt(Math.abs(x));
  const wave = (of: number, amplitude: number, length: number): number =>
    amplitude * Math.sin((of / length) * Math.PI);
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * root +
    waves(x) +
    (wave(y, 20, 1) + wave(y, 40, 3) + wave(y, 160, 12) + wave(y, 320, 30)) * (2 / 3);
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * root +
    waves(x) +
    (wave(x, 20, 1) + wave(x, 40, 3) + wave(x, 150, 12) + wave(x, 300, 30)) * (2 / 3);
  return [east, north];
}

export function gcj02OfWgs84(at: Degrees): [lon: number, lat: number] {
  if (!isShifted(at)) return [at[0], at[1]];
  const [east, north] = shiftM(at);
  const phi = (at[1] * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY_2 * Math.sin(phi) ** 2;
  const degree = Math.PI / 180;
  const northOf = ((AXIS_M * (1 - ECCENTRICITY_2)) / (magic * Math.sqrt(magic))) * degree;
  const eastOf = (AXIS_M / Math.sqrt(magic)) * Math.cos(phi) * degree;
  return [at[0] + east / eastOf, at[1] + north / northOf];
}

export function wgs84OfGcj02(at: Degrees): [lon: number, lat: number] {
  let [lon, lat] = at;
  for (let round = 0; round < ROUNDS; round++) {
    const [x, y] = gcj02OfWgs84([lon, lat]);
    lon += at[0] - x;
    lat += at[1] - y;
  }
  return [lon, lat];
}

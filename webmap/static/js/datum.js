// WGS-84 <-> GCJ-02, and a Leaflet CRS that has the shift inside: everybody else speaks WGS-84.
// The same publicly known form and the same iteration as geo/coords.py.
'use strict';

(() => {
  const A_M = 6378245.0; // Krasovsky 1940
  const E2 = 0.00669342162296594323;
  const BOX = [72.004, 0.8293, 137.8347, 55.8271]; // outside it both are the same
  const ROUNDS = 20;
  const CLOSE = 1e-10; // degrees, 0.01 mm
  const { PI, sin, cos, sqrt, abs } = Math;
  const degrees = (radians) => (radians * 180) / PI;

  const isInside = (lon, lat) => lon >= BOX[0] && lon <= BOX[2] && lat >= BOX[1] && lat <= BOX[3];

  const shift = (lon, lat) => {
    const [x, y] = [lon - 105, lat - 35];
    const both = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
      + ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3
      + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
      + ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3
      + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
    const phi = (lat * PI) / 180;
    const w = 1 - E2 * sin(phi) ** 2;
    return [degrees(east / ((A_M / sqrt(w)) * cos(phi))), degrees(north / ((A_M * (1 - E2)) / (w * sqrt(w))))];
  };

  nuanyi.gcjFromWgs = (lon, lat) => {
    if (!isInside(lon, lat)) return [lon, lat];
    const [dlon, dlat] = shift(lon, lat);
    return [lon + dlon, lat + dlat];
  };

  nuanyi.wgsFromGcj = (lon, lat) => {
    let [x, y] = [lon, lat];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [fx, fy] = nuanyi.gcjFromWgs(x, y);
      const [ex, ey] = [lon - fx, lat - fy];
      x += ex;
      y += ey;
      if (Math.max(abs(ex), abs(ey)) <= CLOSE) return [x, y];
    }
    return [lon, lat]; // on the edge of the box, at sea
  };

  nuanyi.datum = () => {
    const plain = L.Projection.SphericalMercator;
    nuanyi.crsOfGcj = L.extend({}, L.CRS.EPSG3857, {
      projection: {
        ...plain,
        project: ({ lat, lng }) => {
          const [x, y] = nuanyi.gcjFromWgs(lng, lat);
          return plain.project(L.latLng(y, x));
        },
        unproject: (point) => {
          const { lat, lng } = plain.unproject(point);
          const [x, y] = nuanyi.wgsFromGcj(lng, lat);
          return L.latLng(y, x);
        },
      },
    });
    return { addTo: () => {} };
  };
})();

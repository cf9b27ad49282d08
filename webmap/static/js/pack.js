// What the phone keeps, judged without a line: states on arrival and rank, as definitions.md has them.
// The server has read the hours; here minutes are compared. Ways are straight lines, times `detour`.
'use strict';
window.nuanyi = window.nuanyi || {};

nuanyi.pack = (() => {
  const [CLOSED, OPEN, UNKNOWN] = [0, 1, 2];
  const MINUTE_MS = 60000;
  const STAY = 3; // minutes, as the next two
  const SOON = 15;
  const NEAR = 15;
  const INSIDE = ['open', 'opens_soon'];
  const AFTER = ['unknown', 'reported_locked', 'closes_before_arrival', 'closed'];

  // --- timelines: [minute, state, minute, state, ...]
  const placeOf = (line, minute) => {
    let [low, high] = [0, line.length / 2];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (line[2 * middle] <= minute) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const stateOf = (line, place) => (place < 0 ? UNKNOWN : line[2 * place + 1]);
  const stateAt = (line, minute) => stateOf(line, placeOf(line, minute));

  // The state on arrival, and the minute of opening if that is soon
  const judge = (line, now, arrive) => {
    const here = placeOf(line, arrive);
    const last = placeOf(line, arrive + STAY);
    const isOpen = stateOf(line, here) === OPEN;
    let isSure = stateOf(line, here) !== UNKNOWN;
    for (let place = here; isOpen && place <= last; place += 1) isSure = isSure && stateOf(line, place) !== UNKNOWN;
    if (!isSure) return ['unknown', null];
    if (isOpen && here === last) return ['open', null];
    for (let place = here + 1; place <= placeOf(line, arrive + SOON); place += 1) {
      if (stateOf(line, place) === OPEN) return ['opens_soon', line[2 * place]];
    }
    return [stateAt(line, now) === OPEN ? 'closes_before_arrival' : 'closed', null];
  };

  // The next opening, and the end of the open time at a minute; null: not known, or not so
  const changes = (line, arrive, state) => {
    const here = placeOf(line, arrive);
    const isOpen = stateOf(line, here) === OPEN;
    const closes = isOpen && 2 * here + 3 < line.length && line[2 * here + 3] === CLOSED ? line[2 * here + 2] : null;
    if (isOpen && state !== 'opens_soon') return [null, closes];
    for (let place = here + 1; 2 * place < line.length; place += 1) {
      if (stateOf(line, place) === OPEN) return [line[2 * place], closes];
    }
    return [null, closes];
  };

  // --- the straight line on the ellipsoid: within 0.1 % of the geodesic up to 100 km
  const metresOf = (lon, lat, toLon, toLat) => {
    const [A, E2] = [6378137, 0.00669437999014];
    const radians = Math.PI / 180;
    const middle = ((lat + toLat) / 2) * radians;
    const w = 1 - E2 * Math.sin(middle) ** 2;
    const east = ((((toLon - lon + 540) % 360) - 180) * radians * Math.cos(middle) * A) / Math.sqrt(w);
    const north = ((toLat - lat) * radians * A * (1 - E2)) / w ** 1.5;
    return Math.hypot(east, north);
  };
  const bearingOf = (lon, lat, toLon, toLat) => {
    const east = (toLon - lon) * Math.cos(((lat + toLat) / 2) * (Math.PI / 180));
    return (Math.atan2(east, toLat - lat) * (180 / Math.PI) + 360) % 360;
  };

  // --- needs: OPEN met, CLOSED fails, UNKNOWN nobody knows
  const meets = (pack, station, need, minute) => {
    const known = station.needs[need];
    if (known === undefined) return UNKNOWN;
    return Array.isArray(known) ? stateAt(pack.times[known[0]], minute) : known;
  };

  const minuteOf = (pack, ms) => (ms - pack.start) / MINUTE_MS;

  // One station for who sets out at `question.at` from `question.lon, lat`; null: not what is asked for.
  // Without a position it is judged as by somebody before its door.
  const judgeStation = (pack, station, question) => {
    const { at, mode = 'walk', needs = [], kinds = [], isOpen = false, isAlways = false } = question;
    if (kinds.length && !kinds.includes(station.kind)) return null;
    if (isAlways && !station.always) return null;
    const hasPlace = question.lon !== undefined;
    const straight = hasPlace ? metresOf(question.lon, question.lat, station.lon, station.lat) : 0;
    const metres = straight * pack.detour;
    const minutes = (metres * 60) / (pack.kmh[mode] * 1000);
    const now = minuteOf(pack, at);
    const arrive = now + minutes;
    if (arrive < station.from) return null;
    const line = pack.times[station.times];
    let [state, opens] = judge(line, now, arrive);
    if (station.locked && now < station.locked[1]) [state, opens] = ['reported_locked', null];
    if (isOpen && state !== 'open') return null;
    const known = needs.map((need) => meets(pack, station, need, opens ?? arrive));
    if (known.includes(CLOSED)) return null;
    const inside = INSIDE.includes(state) ? opens ?? arrive : null;
    return {
      station, state, metres, minutes, straight, hasPlace, arrive, inside,
      insideMin: inside === null ? Infinity : minutes + (inside - arrive),
      needsUnknown: needs.filter((_need, place) => known[place] === UNKNOWN),
    };
  };

  const keyOf = (one) => [
    one.needsUnknown.length ? 1 : 0,
    one.inside === null ? 1 + AFTER.indexOf(one.state) : 0,
    one.inside ?? Infinity,
    one.metres,
    one.station.code,
  ];
  const compare = (one, other) => {
    const [left, right] = [keyOf(one), keyOf(other)];
    const place = left.findIndex((part, index) => part !== right[index]);
    if (place < 0) return 0;
    return left[place] < right[place] ? -1 : 1;
  };

  // All that is asked for, in its rank
  const rank = (pack, question) => {
    const found = pack.stations.map((station) => judgeStation(pack, station, question)).filter(Boolean).sort(compare);
    if (found.length && found[0].insideMin > NEAR) {
      const place = found.findIndex((one, index) => index > 0 && one.state === 'unknown' && one.minutes <= NEAR);
      if (place > 0) found.splice(1, 0, ...found.splice(place, 1));
    }
    return found;
  };

  return { rank, judge: judgeStation, changes, stateAt, minuteOf, bearingOf, metresOf, OPEN, NEAR, MINUTE_MS };
})();

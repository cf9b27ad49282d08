// How what the phone keeps is said: the one-line answer, the way, what is there. The words are the pack's.
'use strict';

nuanyi.packWords = (() => {
  const SOON = 60; // minutes: a closing so near is said in minutes
  const HOUR = 60; // from there on a way is said in hours
  const MOST_FACTS = 4;
  const DAY = 24 * 60;
  const { changes, stateAt, minuteOf, bearingOf, OPEN } = nuanyi.pack;

  const fill = (text, holes) => text.replace(/\{(\w+)\}/g, (_all, name) => holes[name]);
  const counted = ([one, several], num) => fill(num === 1 ? one : several, { num });
  const whole = (minutes) => Math.floor(minutes + 0.5);

  // --- moments; a pack's minutes count from a midnight of the stations' clock
  const clockOf = (minute) => {
    const left = ((minute % DAY) + DAY) % DAY;
    return `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, '0')}`;
  };

  const sayMoment = (pack, minute, now) => {
    const words = pack.words;
    const days = Math.floor(minute / DAY) - Math.floor(now / DAY);
    const clock = clockOf(minute);
    const hour = Math.floor((minute % DAY) / 60);
    if (days <= 0) return fill(words.today, { clock });
    if (days > 1) return `${words.days[(pack.weekday + Math.floor(minute / DAY)) % 7]} ${clock}`;
    if (minute % DAY === 0) return words.midnight;
    if (hour < 5) return fill(words.night, { clock });
    return fill(hour < 11 ? words.morning : words.tomorrow, { clock });
  };

  const sayOpen = (pack, found, now, isNow, closes) => {
    const words = pack.words;
    if (found.station.always) return words.always;
    const open = isNow ? words.open : words.openThen;
    if (closes === null) return open;
    const left = closes - now;
    if (!isNow || left > SOON) return fill(words.openTill, { open, closes: sayMoment(pack, closes, now) });
    const closing = counted(words.closing, whole(left));
    const way = whole(found.arrive - now);
    if (way < 1) return fill(words.openSoonShut, { open, closing });
    return fill(words.openComing, { open, coming: counted(words.coming, way), closing });
  };

  const sayOpening = (pack, opens, now, isNow) => {
    if (!isNow || opens - now > SOON) return fill(pack.words.opensAt, { opens: sayMoment(pack, opens, now) });
    return counted(pack.words.opening, Math.max(1, whole(opens - now)));
  };

  const sayLocked = ({ words }, [last], now) => {
    const hours = Math.floor((now - last) / 60);
    if (hours < 0) return words.locked;
    if (hours < 1) return words.lockedNow;
    return hours < 24 ? counted(words.lockedHours, hours) : counted(words.lockedDays, Math.floor(hours / 24));
  };

  // The one-line answer; as webmap/answers.py says it
  const line = (pack, found, question) => {
    const { words } = pack;
    const now = minuteOf(pack, question.at);
    const isNow = question.isNow !== false;
    const [opens, closes] = changes(pack.times[found.station.times], found.arrive, found.state);
    if (found.state === 'reported_locked') return sayLocked(pack, found.station.locked, now);
    if (found.state === 'unknown') return question.at >= pack.end ? words.unseen : words.unknown;
    if (found.state === 'open') return sayOpen(pack, found, now, isNow, closes);
    if (found.state === 'opens_soon') return sayOpening(pack, opens, now, isNow);
    const at = opens === null ? '' : sayMoment(pack, opens, now);
    if (found.state === 'closes_before_arrival') return at ? fill(words.goneTill, { now: words.gone, opens: at }) : words.gone;
    return at ? fill(words.shutTill, { opens: at }) : words.shut;
  };

  // --- the way by straight line; as webmap/cards.py says one off the network
  const minutes = (pack, found) => {
    if (whole(found.minutes) >= HOUR) return fill(pack.words.hours, { hours: Math.round(found.minutes / 30) / 2 });
    return fill(pack.words.minutes, { minutes: Math.max(1, Math.round(found.minutes)) });
  };
  const length = (pack, metres) => {
    const tens = Math.max(10, Math.round(metres / 10) * 10);
    return tens < 1000 ? fill(pack.words.metres, { metres: tens }) : fill(pack.words.km, { km: (metres / 1000).toFixed(1) });
  };
  const unbroken = (text) => text.replace(/ /g, '\u00a0'); // a number stays with its unit
  const way = (pack, found, question) => {
    const { lon, lat } = found.station;
    const turn = Math.round(bearingOf(question.lon, question.lat, lon, lat) / 45) % 8;
    return fill(pack.words[question.mode === 'ride' ? 'ride' : 'walk'], {
      minutes: unbroken(minutes(pack, found)), metres: unbroken(length(pack, found.metres)), direction: pack.words.directions[turn],
    });
  };

  // What works when one is inside, the needs asked for first: [icon, word]
  const facts = (pack, found, question, most = MOST_FACTS) => {
    const { words } = pack;
    const { needs } = found.station;
    const at = found.inside ?? found.arrive;
    const works = (code) => {
      const known = needs[code];
      return Array.isArray(known) ? stateAt(pack.times[known[0]], at) === OPEN : known === OPEN;
    };
    const codes = new Set([...(question.needs || []), 'no_phone', ...words.order, ...Object.keys(needs)]);
    const known = [...codes].filter((code) => works(code) && words.needs[code]);
    const shown = known.slice(0, Math.max(most, (question.needs || []).length));
    return [
      ...shown.map((code) => [code, words.needs[code]]),
      ...found.needsUnknown.map((need) => ['unknown', fill(words.unverified, { need: words.needs[need] })]),
    ];
  };

  // When it was last confirmed; as webmap/cards.py says it
  const trail = (pack, { seen }) => {
    const { words } = pack;
    if (!seen) return words.unconfirmed;
    const days = Math.max(0, seen[0] + Math.floor(minuteOf(pack, Date.now()) / DAY));
    const { today, days: some, months, year } = words.ages;
    const many = days <= 365 ? counted(months, Math.floor(days / 30)) : year;
    const age = days <= 31 ? counted(some, days) : many;
    return fill(seen[1] ? words.opened : words.confirmed, { age: days ? age : today });
  };

  return { line, way, minutes, length, facts, trail, fill };
})();

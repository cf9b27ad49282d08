// What a stretch is, in plain words; shared by the pages that draw stretches. Text only.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const MIN_PER_M = 60 / 4000; // walking 4 km an hour
  const DAY = 24;

  nuanyi.take = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  // How numbers, hours and shares are said, with the words of the page
  nuanyi.say = (words) => {
    const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, key) => parts[key]);
    const number = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
    const clock = (hour) => `${String(hour).padStart(2, '0')}:00`;
    const day = (index) => words.days[index];

    const sayDays = (from, to) => {
      if (to - from === 6) return words.everyDay;
      return from === to ? day(from) : fill(words.dayRange, { first: day(from), last: day(to) });
    };
    const sayHour = (hour) => `${day(Math.floor(hour / DAY))} ${clock(hour % DAY)}`;

    // Hours of the week, sorted, as people say them: days in a row that have the same hours together
    const sayHours = (hours) => {
      const ofDay = Array.from({ length: 7 }, () => []);
      for (const hour of hours) {
        const spans = ofDay[Math.floor(hour / DAY)];
        const last = spans.at(-1);
        if (last && last[1] === hour % DAY) last[1] += 1;
        else spans.push([hour % DAY, (hour % DAY) + 1]);
      }
      const texts = ofDay.map((spans) => spans.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(words.comma));
      const groups = [];
      texts.forEach((text, index) => {
        const last = groups.at(-1);
        if (last && last.text === text) last.to = index;
        else groups.push({ text, from: index, to: index });
      });
      return groups.filter(({ text }) => text)
        .map(({ text, from, to }) => `${sayDays(from, to)} ${text}`)
        .join(words.and);
    };

    const minutes = (value) => {
      if (value < 1) return words.short;
      return value < 120 ? fill(words.time, { min: number(value) }) : fill(words.hours, { hours: number(value / 60, 1) });
    };
    const metres = (value) => (value < 1000 ? fill(words.length, { m: number(value) }) : fill(words.km, { km: number(value / 1000, 1) }));
    const share = (value) => {
      const percent = 100 * value;
      if (percent > 0 && percent < 0.1) return words.little;
      if (percent < 100 && percent > 99.9) return words.nearlyAll;
      return `${percent.toFixed((percent > 0 && percent < 1) || (percent > 99 && percent < 100) ? 1 : 0)} %`;
    };
    const walk = (value) => fill(words.walk, { min: number(Math.ceil(value * MIN_PER_M - 1e-9)), way: metres(value) });
    return { fill, number, sayHour, sayHours, minutes, metres, share, walk };
  };

  // Returns a function that tells of one stretch: nodes for a card, the head first
  nuanyi.tellLine = (plan, stations, { areas, shifts }) => {
    const { words } = plan;
    const say = nuanyi.say(words);
    const wordOf = Object.fromEntries(plan.classes);
    const line = (text, lang) => {
      const node = nuanyi.element('p', '', text);
      if (lang) node.lang = lang;
      return node;
    };

    const place = (cells) => [
      say.metres(cells.length_m),
      ...(cells.workers > 1 ? [say.fill(words.workers, { n: say.number(cells.workers) })] : []),
      ...(cells.area === null ? [] : [areas[cells.area]]),
    ].join(' · ');

    const when = (cells, hour) => {
      const total = hour === null ? cells.minutes : cells.minutes / cells.hours.length;
      const hours = hour === null ? say.sayHours(cells.hours) : say.sayHour(hour);
      const shift = cells.shift === null || cells.shift === undefined ? [] : [say.fill(words.shift, { shift: (plan.shifts || {})[shifts[cells.shift]] || shifts[cells.shift] })];
      return [hours, say.fill(words.inAll, { time: say.minutes(total) }), ...shift].join(' · ');
    };

    // By how much the nearest station is missed: at an hour, or from least to most over them all
    const missed = (cells, hour) => {
      const each = cells.missed_by_hour || [cells.missed_min];
      const at = cells.missed_by_hour && hour !== null ? cells.hours.indexOf(hour) : -1;
      const known = (at < 0 ? each : [each[at]]).filter((one) => one !== null);
      if (!known.length) return [];
      const [least, most] = [Math.min(...known), Math.max(...known)].map(say.minutes);
      return [least === most ? say.fill(words.missed, { time: most }) : say.fill(words.missedRange, { least, most })];
    };

    const about = (cells, found, hour) => {
      const station = stations[cells.nearest];
      if (!station) return [line(words.none)];
      const nodes = [];
      const name = nuanyi.element(plan.stationLink ? 'a' : 'strong', 'map-go', station.name);
      name.lang = 'zh-CN';
      if (plan.stationLink) name.href = plan.stationLink + cells.nearest.split('/').map(encodeURIComponent).join('/');
      const head = nuanyi.element('p', '', words.nearest);
      head.append(name);
      nodes.push(head);
      const hours = line(station.hours, station.lang === 'zh' ? 'zh-CN' : station.lang);
      nodes.push(hours);
      if (found === 'closed') nodes.push(...missed(cells, hour).map((text) => line(text)));
      return nodes;
    };

    return (cells, { judge, hour }) => {
      const found = cells[judge];
      const nodes = [
        nuanyi.element('strong', 'map-name', wordOf[found]),
        line(when(cells, hour)),
        line(place(cells)),
        line(words.why[found], ''),
      ];
      if (found === 'off_network') return nodes;
      if (cells.walk_m !== null && cells.walk_m !== undefined && found !== 'covered') nodes.push(line(say.fill(words.far, { walk: say.walk(cells.walk_m) })));
      return [...nodes, ...about(cells, found, hour)];
    };
  };
})();

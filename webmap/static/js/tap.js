'use strict';
window.nuanyi = window.nuanyi || {};

// Hours by tapping days and times. They become the words that people write (一周里的日子 几点–几点), which
// the server reads back as it reads any others: what counts is told under the field.
(() => {
  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  const NAMES = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];
  const WHOLE = ['00:00', '24:00'];

  const sayTime = (time) => time.replace(/^0(?=\d)/, '');
  const saySpan = ([start, end]) => {
    if (start === WHOLE[0] && (end === WHOLE[1] || end === WHOLE[0])) return '24 小时';
    const last = end === WHOLE[0] ? WHOLE[1] : end;
    return `${sayTime(start)}–${last <= start ? '次日' : ''}${sayTime(last)}`;
  };
  const sayDays = (days) => {
    const chosen = DAYS.map((day) => days.includes(day));
    const isHoliday = days.includes('PH');
    if (chosen.every(Boolean) && !isHoliday) return '每天';
    const parts = [];
    for (let first = 0; first < 7; first += 1) {
      if (!chosen[first] || chosen[first - 1]) continue;
      let last = first;
      while (chosen[last + 1]) last += 1;
      if (last - first > 1) parts.push(`${NAMES[first]}至${NAMES[last]}`);
      else parts.push(...NAMES.slice(first, last + 1));
    }
    return [...parts, ...(isHoliday ? ['节假日'] : [])].join('、');
  };

  // The words of rows [{days, spans}]; '' while nothing is complete
  nuanyi.sayTapped = ({ rows, is_off: isOff }) => {
    const whole = rows.filter(({ days, spans }) => days.length && spans.length);
    if (!whole.length) return '';
    const said = whole.map(({ days, spans }) => `${sayDays(days)} ${spans.map(saySpan).join('、')}`);
    const isTaken = whole.some(({ days }) => days.includes('PH'));
    return [...said, ...(isOff && !isTaken ? ['节假日休息'] : [])].join('；');
  };

  const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const boxes = (row) => [...row.querySelectorAll('.tapdays input')];

  for (const tap of document.querySelectorAll('details.tap')) {
    const field = document.getElementById(`f-${tap.dataset.taps}`);
    const told = document.getElementById(`r-${tap.dataset.taps}`);
    const list = tap.querySelector('.taprows');
    const end = copy('tapend');
    const [isOff, mixed] = [end.querySelector('.tapoff'), end.querySelector('[role="status"]')];
    let own = null; // the words that the buttons wrote last

    const spansOf = (row) => {
      if (row.querySelector('.tapall').checked) return [WHOLE];
      return [...row.querySelectorAll('.tapspan')]
        .map((span) => [...span.querySelectorAll('input')].map((input) => input.value))
        .filter(([start, stop]) => start && stop && (start !== stop || start === WHOLE[0]))
        .sort();
    };
    const rowsNow = () => [...list.querySelectorAll('.taprow')].map((row) => ({
      days: boxes(row).filter((box) => box.checked).map((box) => box.value),
      spans: spansOf(row),
    }));
    const write = () => {
      const words = nuanyi.sayTapped({ rows: rowsNow(), is_off: isOff.checked });
      if (!words || words === field.value) return;
      own = words;
      mixed.textContent = '';
      field.value = words;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };

    const addSpan = (row, [start, stop] = ['', '']) => {
      const span = copy('tapspan');
      const [from, to] = span.querySelectorAll('input');
      [from.value, to.value] = [start, stop === WHOLE[1] ? WHOLE[0] : stop];
      span.querySelector('button').addEventListener('click', () => {
        span.remove();
        write();
      });
      row.querySelector('.tapspans').append(span);
      return from;
    };
    const addRow = ({ days, spans }) => {
      const row = copy('taprow');
      for (const box of boxes(row)) box.checked = days.includes(box.value);
      const isWhole = spans.length === 1 && spans[0].join() === WHOLE.join();
      row.querySelector('.tapall').checked = isWhole;
      for (const span of isWhole ? [] : spans) addSpan(row, span);
      if (isWhole || !spans.length) addSpan(row);
      row.addEventListener('click', ({ target }) => {
        const { days: chosen, act } = (target.closest('button') || { dataset: {} }).dataset;
        if (chosen) for (const box of boxes(row)) box.checked = chosen.split(' ').includes(box.value);
        if (act === 'span') addSpan(row).focus();
        if (act === 'drop') {
          row.remove();
          if (!list.querySelector('.taprow')) addRow({ days: [], spans: [] });
        }
        if (chosen || act === 'drop') write();
      });
      list.append(row);
    };
    // A day belongs to one row: the row that takes it last has it
    list.addEventListener('change', ({ target }) => {
      if (target.type === 'checkbox' && target.checked && target.closest('.tapdays')) {
        for (const box of list.querySelectorAll('.tapdays input')) {
          if (box !== target && box.value === target.value) box.checked = false;
        }
      }
      write();
    });
    end.addEventListener('change', write);
    end.querySelector('[data-act="row"]').addEventListener('click', () => {
      const taken = new Set(rowsNow().flatMap(({ days }) => days));
      addRow({ days: DAYS.filter((day) => !taken.has(day)), spans: [] });
    });

    const fill = (tapped) => {
      list.replaceChildren();
      isOff.checked = Boolean(tapped && tapped.is_off);
      mixed.textContent = tapped ? '' : mixed.dataset.mixed;
      const rows = tapped && tapped.rows.length ? tapped.rows : [{ days: [], spans: [] }];
      rows.forEach(addRow);
    };
    // Typed or taken over: the buttons follow the words
    told.addEventListener('told', ({ detail }) => {
      if (detail.text !== own) fill(detail.tapped);
    });
    tap.append(end);
    fill(JSON.parse(tap.dataset.tapped));
    tap.hidden = false;
  }
})();

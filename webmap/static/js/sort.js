// Tables whose rows are put in order by a touch of a column's head; figures before words.
'use strict';

(() => {
  const valueOf = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = Number(text.replace(/[,+%\s]/g, '').replace('−', '-'));
    return Number.isNaN(number) || text === '' ? text : number;
  };
  const order = (one, other) => {
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    if (typeof one === typeof other) return one.localeCompare(other, 'zh');
    return typeof one === 'number' ? 1 : -1;
  };

  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'sort' });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const isDown = head.getAttribute('aria-sort') === 'descending' ? 1 : -1;
        const sign = head.hasAttribute('aria-sort') ? isDown : (head.classList.contains('num') ? -1 : 1);
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', sign < 0 ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
        rows.sort(([one], [other]) => sign * order(one, other));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
})();

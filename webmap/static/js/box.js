// A small card over the map: beside its place on a wide map, at the foot on a phone. Text only.
'use strict';

(() => {
  let card = null;
  let place = null;

  const put = () => {
    if (!card || !place) return;
    const { x, y } = nuanyi.map.latLngToContainerPoint(place);
    const { x: width, y: height } = nuanyi.map.getSize();
    const wide = card.offsetWidth;
    const left = Math.min(Math.max(x - wide / 2, 12), Math.max(width - wide - 12, 12));
    const above = y - card.offsetHeight - 26;
    const top = above > 12 ? above : Math.min(y + 26, height - card.offsetHeight - 12);
    card.style.setProperty('--left', `${Math.round(left)}px`);
    card.style.setProperty('--top', `${Math.round(top)}px`);
  };

  nuanyi.closeCard = () => {
    if (!card) return;
    card.remove();
    card = null;
    document.body.classList.remove('has-card');
    nuanyi.map.off('move zoom resize', put);
  };

  // Shows nodes in a card at a place; returns the card
  nuanyi.openCard = (lon, lat, nodes, onClose = () => {}) => {
    nuanyi.closeCard();
    place = nuanyi.toMap(lon, lat);
    card = nuanyi.element('div', 'map-card');
    card.setAttribute('role', 'status');
    const close = nuanyi.element('button', 'map-close', '×');
    close.type = 'button';
    close.setAttribute('aria-label', nuanyi.words().close);
    close.addEventListener('click', () => {
      nuanyi.closeCard();
      onClose();
    });
    const body = nuanyi.element('div', 'map-card-body');
    body.append(...nodes);
    card.append(body, close);
    L.DomEvent.disableClickPropagation(card).disableScrollPropagation(card);
    nuanyi.map.getContainer().append(card);
    document.body.classList.add('has-card'); // nothing else is said over the map
    nuanyi.map.on('move zoom resize', put);
    put();
    return card;
  };

  // What a touched station is called is asked when it is touched
  const nameOf = async (code) => {
    try {
      const answer = await fetch(`${nuanyi.root}/api/v1/stations/${encodeURIComponent(code)}`);
      return answer.ok ? (await answer.json()).name : '';
    } catch {
      return await nuanyi.keptName?.(code) || ''; // no line
    }
  };
  const linkTo = (code, name, text) => {
    const link = nuanyi.element('a', name, text);
    link.href = `${nuanyi.root}/s/${code.split('/').map(encodeURIComponent).join('/')}`;
    return link;
  };

  nuanyi.closeStation = () => {
    nuanyi.closeCard();
    nuanyi.highlight(null);
  };

  nuanyi.openStation = async ({ code, lon, lat, kind, state }) => {
    const { details, noname } = nuanyi.words();
    const name = nuanyi.element('strong', 'map-name', '…');
    name.lang = 'zh-CN';
    const line = nuanyi.element('p', `line is-${state || 'none'}`, nuanyi.wordOf('states', state));
    const kindWord = nuanyi.element('p', 'map-kind', nuanyi.wordOf('kinds', kind));
    nuanyi.highlight(code, lon, lat, kind, state);
    nuanyi.openCard(lon, lat, [kindWord, name, line, linkTo(code, 'map-go', details)], () => nuanyi.highlight(null));
    nuanyi.touchStation({ code, lon, lat });
    name.textContent = await nameOf(code) || noname;
    put();
  };

  nuanyi.openStations = (codes, count, lon, lat) => {
    const list = nuanyi.element('ul', 'map-together');
    for (const code of codes) {
      const item = nuanyi.element('li');
      const link = linkTo(code, '', '…');
      link.lang = 'zh-CN';
      item.append(link);
      list.append(item);
      nameOf(code).then((name) => {
        link.textContent = name || code;
        put();
      });
    }
    const head = nuanyi.element('strong', 'map-name', nuanyi.words().together.replace('{n}', count));
    nuanyi.openCard(lon, lat, [head, list]);
  };
})();

// Parts of a kept station's card: nodes, the three taps at the door as tell.html has them, and what
// another map may take over as way.html has it. Text only.
'use strict';

nuanyi.packParts = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const isEnglish = document.documentElement.lang === 'en';
  const { fill } = nuanyi.packWords;

  const part = (tag, name, ...content) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...content);
    return node;
  };
  const owned = (node) => { // names are the owner's: Chinese on every page
    if (isEnglish) node.lang = 'zh-CN';
    return node;
  };
  const icon = (id, name) => {
    const svg = document.createElementNS(SVG, 'svg');
    const use = document.createElementNS(SVG, 'use');
    if (name) svg.setAttribute('class', name);
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#${id}`);
    svg.append(use);
    return svg;
  };
  const pathOf = (code) => code.split('/').map(encodeURIComponent).join('/');

  // js/tell_door.js listens to it, and keeps what is said until there is a line
  const tellDoor = ({ tell, words }, { code }) => {
    const addressOf = (address) => address.replace(/\/-\/(?=\w+$)/, () => `/${pathOf(code)}/`);
    const form = part('form', 'tell');
    Object.assign(form, { method: 'post', action: addressOf(tell.form) });
    form.dataset.tell = addressOf(tell.report);
    form.setAttribute('aria-label', words.tell.name);
    const button = (what, mark, style) => {
      const node = part('button', 'second', icon(`m-rest_station-${mark}`, `is-${style || mark}`), words.tell[what]);
      return Object.assign(node, { name: 'what', value: what });
    };
    const said = part('p', 'tell-said');
    said.setAttribute('role', 'status');
    form.append(
      part('p', 'tell-ask', words.tell.ask),
      part('div', 'tell-door', button('open', 'open'), button('locked', 'reported_locked'), button('gone', 'none')), said,
    );
    return form;
  };

  const copied = (words, name, text, word, isOwners) => {
    const button = part('button', 'quiet', word);
    button.type = 'button';
    button.dataset.copy = text;
    button.setAttribute('aria-label', fill(words.copy, { copy: word, name }));
    const shown = part('span', 'text', text);
    return part('li', '', part('span', 'what', name), isOwners ? owned(shown) : shown, button);
  };

  const handOver = ({ words: { hand } }, { name, lon, lat, address }) => {
    const round = (degrees) => degrees.toFixed(6);
    const [x, y] = nuanyi.gcjFromWgs(lon, lat).map(round);
    const gps = `${round(lat)},${round(lon)}`;
    const box = part('section', 'hand-over', part('h2', '', icon('i-map'), hand.title));
    if (/Android|Harmony/.test(navigator.userAgent) && !/MicroMessenger/i.test(navigator.userAgent)) {
      const door = part('a', 'button wide', hand.other);
      door.href = `geo:${gps}?q=${gps}(${encodeURIComponent(name.replace(/[\s,|()&?#%]+/g, ' ').trim())})`;
      box.append(part('div', 'doors', door));
    }
    const list = part('ul', 'copies');
    if (address) list.append(copied(hand, hand.address, address, hand.copyAddress, true));
    list.append(copied(hand, hand.amap, `${x},${y}`, hand.copyPosition), copied(hand, hand.gps, gps, hand.copyPosition));
    box.append(list);
    return box;
  };

  return { part, owned, icon, pathOf, tellDoor, handOver };
})();

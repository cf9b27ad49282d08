// Where the visitor is: asked of the device, kept in this tab only, never put into an address.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const KEY = 'here';
  const KEPT_MS = 10 * 60 * 1000;
  const SURE = { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 };
  const ROUGH = { enableHighAccuracy: false, timeout: 8000, maximumAge: 300000 }; // by the network, indoors

  nuanyi.ROUGH_M = 200; // a position worse than this is said to be so
  nuanyi.texts = JSON.parse(document.getElementById('texts').textContent);

  // Said beside the list and over the map, whichever is seen
  nuanyi.say = (text) => {
    for (const line of document.querySelectorAll('.said')) line.textContent = text || '';
  };

  // Four decimals, about 10 m: what a request may carry
  nuanyi.rounded = (degrees) => degrees.toFixed(4);

  nuanyi.keepHere = (here) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...here, at: Date.now() }));
    } catch { /* a browser that keeps nothing */ }
  };

  nuanyi.forgetHere = () => {
    try {
      sessionStorage.removeItem(KEY);
    } catch { /* as above */ }
  };

  nuanyi.keptHere = () => {
    try {
      const here = JSON.parse(sessionStorage.getItem(KEY));
      return here && Date.now() - here.at < KEPT_MS ? here : null;
    } catch {
      return null;
    }
  };

  // On foot or by bike: kept on the device
  nuanyi.keepMode = (mode) => {
    try {
      localStorage.setItem('mode', mode);
    } catch { /* as above */ }
  };

  nuanyi.keptMode = () => {
    try {
      return localStorage.getItem('mode') === 'ride' ? 'ride' : 'walk';
    } catch {
      return 'walk';
    }
  };

  nuanyi.isRough = (here) => here?.accuracy > nuanyi.ROUGH_M;

  const sayTime = (minutes) => {
    const whole = Math.max(1, Math.round(minutes));
    return whole < 60
      ? nuanyi.texts.minutes.replace('{minutes}', whole)
      : nuanyi.texts.hours.replace('{hours}', Math.round(minutes / 30) / 2);
  };

  // A way in words; `mode` walk or ride. From a rough position its length says nothing
  nuanyi.sayWay = ({ metres }, mode, isRough) => {
    const time = sayTime(metres * 60 / (nuanyi.texts.kmh[mode] * 1000));
    if (isRough) return nuanyi.texts[mode === 'ride' ? 'rideRough' : 'wayRough'].replace('{time}', time);
    const tens = Math.max(10, Math.round(metres / 10) * 10);
    const length = tens < 1000
      ? nuanyi.texts.metres.replace('{metres}', tens)
      : nuanyi.texts.km.replace('{km}', (metres / 1000).toFixed(1));
    return nuanyi.texts[mode === 'ride' ? 'ride' : 'way'].replace('{time}', time).replace('{length}', length);
  };

  nuanyi.isAllowed = async () => {
    try {
      return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
    } catch {
      return false;
    }
  };

  // {lon, lat, accuracy}, or null after saying why there is none
  nuanyi.locate = () => new Promise((resolve) => {
    const fail = (word) => {
      if (nuanyi.offer) nuanyi.offer(word);
      else nuanyi.say(nuanyi.texts[word] || nuanyi.texts.unavailable);
      resolve(null);
    };
    if (!window.isSecureContext) return fail('insecure');
    if (!navigator.geolocation) return fail('unavailable');
    nuanyi.say(nuanyi.texts.asking);
    const take = ({ coords }) => {
      const here = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy, from: 'here' };
      nuanyi.keepHere(here);
      resolve(here);
    };
    const ask = (options, then) => navigator.geolocation.getCurrentPosition(take, (error) => {
      if (error.code === error.PERMISSION_DENIED) fail('refused');
      else if (then) then();
      else fail(error.code === error.TIMEOUT ? 'timeout' : 'unavailable');
    }, options);
    return ask(SURE, () => ask(ROUGH, null));
  });

  const sayLength = (metres) => (metres < 1000
    ? nuanyi.texts.metres.replace('{metres}', Math.round(metres / 100) * 100)
    : nuanyi.texts.km.replace('{km}', Number((metres / 1000).toFixed(metres < 9500 ? 1 : 0))));

  // What to say of a position: where it comes from, and how far off it may be
  nuanyi.describe = (here) => {
    const said = [nuanyi.texts[here.from] || ''];
    if (nuanyi.isRough(here)) said.push(nuanyi.texts.rough.replace('{length}', sayLength(here.accuracy)));
    return said.filter(Boolean).join(' · ');
  };

  nuanyi.fetchWay = async (here, code) => {
    const query = new URLSearchParams({
      lon: nuanyi.rounded(here.lon), lat: nuanyi.rounded(here.lat), code,
    });
    const answer = await fetch(`${nuanyi.texts.wayAddress}?${query}`);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`way: ${answer.status}`);
    const way = await answer.json();
    return way.geometry ? way : null; // no way on foot
  };
})();

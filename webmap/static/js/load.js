// Loads a map when it is wanted, and tells who waits for it.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  if (nuanyi.whenMap) return; // the map's own list names this file again
  const waiting = [];
  let loading = null;

  // Calls back when there is a map, at once if there is one already
  nuanyi.whenMap = (callback) => {
    if (nuanyi.map) callback(nuanyi);
    else waiting.push(callback);
  };

  // Called by the map's script once all its layers are there
  nuanyi.mapIsReady = (map) => {
    nuanyi.map = map;
    for (const callback of waiting.splice(0)) callback(nuanyi);
  };

  const load = (node) => new Promise((resolve, reject) => {
    node.addEventListener('load', resolve);
    node.addEventListener('error', () => reject(new Error(node.src || node.href)));
    document.head.append(node);
  });

  const style = (href) => load(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  // async = false: fetched side by side, run in this order
  const script = (src) => load(Object.assign(document.createElement('script'), { src, async: false }));

  const loadParts = async () => {
    const { styles, scripts } = JSON.parse(document.getElementById('map_parts').textContent);
    await Promise.all([...styles.map(style), ...scripts.map(script)]);
    return new Promise((resolve) => nuanyi.whenMap(resolve));
  };

  // Loads the map whose parts the page names; a promise of nuanyi. A failure may be tried again
  nuanyi.loadMap = () => {
    loading = loading || loadParts().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
})();

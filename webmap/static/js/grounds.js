// The choice between our own streets and tile providers. A provider in GCJ-02 brings its own CRS.
'use strict';

(() => {
  nuanyi.grounds = ({ providers }) => ({
    addTo: (map) => {
      const { streets: streetsWord, grounds: title } = nuanyi.words();
      const choices = providers.map(({ name, address, attribution, datum, max_zoom: maxNativeZoom }) => ({
        name,
        credit: { text: attribution, href: '' },
        crs: datum === 'gcj02' ? nuanyi.crsOfGcj : L.CRS.EPSG3857,
        // a key that is bound to a site needs the site's name, and no more than that
        layer: L.tileLayer(address, { maxNativeZoom, maxZoom: map.getMaxZoom(), referrerPolicy: 'origin' }),
      }));
      if (nuanyi.streets) choices.unshift({ name: streetsWord, credit: nuanyi.streets.credit, crs: L.CRS.EPSG3857, layer: nuanyi.streets.layer });

      const choose = (chosen) => {
        const [middle, zoom] = [map.getCenter(), map.getZoom()];
        for (const { layer } of choices) if (layer !== chosen.layer) layer.remove();
        if (map.options.crs !== chosen.crs) {
          map.options.crs = chosen.crs;
          map.setView(middle, zoom, { reset: true });
        }
        chosen.layer.addTo(map);
        nuanyi.setCredits([chosen.credit]);
      };

      const box = nuanyi.element('details', 'map-key map-grounds');
      box.append(nuanyi.element('summary', '', title));
      choices.forEach((choice, index) => {
        const label = nuanyi.element('label');
        const button = Object.assign(document.createElement('input'), { type: 'radio', name: 'ground', checked: index === 0 });
        button.addEventListener('change', () => choose(choice));
        label.append(button, nuanyi.element('span', '', choice.name));
        box.append(label);
      });
      nuanyi.control('topright', box);
      if (!nuanyi.streets) choose(choices[0]);
    },
  });
})();

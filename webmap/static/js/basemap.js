// Streets from our own vector tiles: calm and warm, light and dark, labels in the phone's own type.
'use strict';

(() => {
  const LIGHT = {
    ground: '#fbf7f1', residential: '#f6f0e5', industrial: '#eee9e2', school: '#f4eddc', hospital: '#f7e6df',
    park: '#dcead0', grass: '#e6eed9', wood: '#cfe2c2', pitch: '#d3e6cb', square: '#f3ece0',
    water: '#c5dfe9', river: '#b3d3e0', building: '#ebe1d3', wall: '#dccfbd', rail: '#b5aa9e',
    motorway: '#f7cf94', motorwayEdge: '#d9a55c', primary: '#fbe5b8', primaryEdge: '#dfc083',
    secondary: '#fff6dc', secondaryEdge: '#dccdb0', street: '#ffffff', streetEdge: '#e0d5c5',
    service: '#ffffff', serviceEdge: '#e9dfd1', path: '#cdb79c', steps: '#b99f82',
    text: '#6a5f54', strong: '#4a4139', blue: '#3f7388', green: '#4c713c', halo: '#fbf7f1', dot: '#8f8478',
  };
  const DARK = {
    ground: '#181512', residential: '#1d1916', industrial: '#1f1c1a', school: '#221d14', hospital: '#261b18',
    park: '#1a2418', grass: '#1b2119', wood: '#172417', pitch: '#1c291b', square: '#221d18',
    water: '#14272f', river: '#1a323c', building: '#282119', wall: '#352c23', rail: '#5a5047',
    motorway: '#6b4f2a', motorwayEdge: '#110e0c', primary: '#57452b', primaryEdge: '#110e0c',
    secondary: '#463b2c', secondaryEdge: '#110e0c', street: '#40372d', streetEdge: '#110e0c',
    service: '#342c25', serviceEdge: '#16120f', path: '#4d4237', steps: '#5c4e41',
    text: '#b0a498', strong: '#d6cabd', blue: '#7fb1c6', green: '#8fb67e', halo: '#181512', dot: '#85796d',
  };
  // px at zooms 11, 13, 15, 17, 19
  const WIDTHS = {
    motorway: [2, 3.6, 7, 16, 40], trunk: [2, 3.6, 7, 16, 40], primary: [1.6, 3.2, 6.4, 15, 38],
    secondary: [1, 2.6, 5.6, 13, 32], tertiary: [0.8, 2.2, 5, 11, 28], street: [0, 1.2, 3.6, 9, 22],
    pedestrian: [0, 1.2, 3.4, 8, 20], service: [0, 0, 1.8, 5, 13], path: [0, 0, 1, 1.8, 3], steps: [0, 0, 1.4, 3, 6],
  };
  const STOPS = [11, 13, 15, 17, 19];
  const width = Object.fromEntries(Object.entries(WIDTHS).map(([kind, px]) => [
    kind, protomapsL.exp(1.5, px.map((value, index) => [STOPS[index], value])),
  ]));
  const family = () => getComputedStyle(document.body).fontFamily;
  const larger = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;

  const isOf = (...kinds) => (_zoom, feature) => kinds.includes(feature.props.kind);
  const isLine = (_zoom, feature) => feature.geomType === 2;
  const isArea = (_zoom, feature) => feature.geomType === 3;

  const street = (layer, kinds, colour, edge, minzoom = 0) => {
    const wide = (zoom, feature) => width[feature.props.kind](zoom);
    const round = { lineCap: 'round', lineJoin: 'round' };
    const rule = { dataLayer: layer, filter: isOf(...kinds), minzoom };
    return {
      edge: { ...rule, minzoom: Math.max(minzoom, 13), symbolizer: new protomapsL.LineSymbolizer({ color: edge, width: (zoom, feature) => wide(zoom, feature) + (zoom < 15 ? 1.2 : 2), ...round }) },
      fill: { ...rule, symbolizer: new protomapsL.LineSymbolizer({ color: colour, width: wide, ...round }) },
    };
  };

  const paintRules = (c) => {
    const area = (layer, colour, filter) => ({ dataLayer: layer, filter, symbolizer: new protomapsL.PolygonSymbolizer({ fill: colour }) });
    const streets = [
      street('paths', ['service'], c.service, c.serviceEdge, 15),
      street('lanes', ['street', 'pedestrian'], c.street, c.streetEdge, 13),
      street('roads', ['tertiary'], c.street, c.streetEdge),
      street('roads', ['secondary'], c.secondary, c.secondaryEdge),
      street('avenues', ['primary'], c.primary, c.primaryEdge),
      street('avenues', ['motorway', 'trunk'], c.motorway, c.motorwayEdge),
    ];
    const dashed = (kinds, colour, dash, minzoom) => ({
      dataLayer: 'paths', minzoom, filter: isOf(...kinds),
      symbolizer: new protomapsL.LineSymbolizer({ dash, perFeature: true, dashColor: colour, dashWidth: (zoom, feature) => width[feature.props.kind](zoom) }),
    });
    const fills = ['residential', 'industrial', 'school', 'hospital', 'park', 'grass', 'wood', 'pitch', 'square'];
    return [
      { dataLayer: 'ground', symbolizer: new protomapsL.PolygonSymbolizer({ fill: (_zoom, feature) => c[feature.props.kind] }), filter: isOf(...fills) },
      { dataLayer: 'water', filter: isOf('stream'), minzoom: 14, symbolizer: new protomapsL.LineSymbolizer({ color: c.water, width: 1.5 }) },
      { dataLayer: 'water', filter: (zoom, feature) => isLine(zoom, feature) && feature.props.kind === 'river', symbolizer: new protomapsL.LineSymbolizer({ color: c.water, width: protomapsL.exp(1.5, [[11, 1.5], [15, 5], [19, 30]]), lineCap: 'round', lineJoin: 'round' }) },
      area('water', c.water, isArea),
      { dataLayer: 'buildings', symbolizer: new protomapsL.PolygonSymbolizer({ fill: c.building, stroke: c.wall, width: 0.8 }) },
      dashed(['path'], c.path, [3, 3], 15),
      dashed(['steps'], c.steps, [1.5, 1.5], 16),
      ...streets.map((rule) => rule.edge),
      ...streets.map((rule) => rule.fill),
      { dataLayer: 'rail', symbolizer: new protomapsL.LineSymbolizer({ color: c.rail, width: protomapsL.exp(1.4, [[11, 0.8], [15, 2], [19, 4]]) }) },
      { dataLayer: 'rail', minzoom: 14, symbolizer: new protomapsL.LineSymbolizer({ dash: [7, 7], color: c.ground, width: protomapsL.exp(1.4, [[14, 0.8], [19, 2.4]]) }) },
    ];
  };

  const labelRules = (c, lang) => {
    const labelProps = lang === 'en' ? ['name_en', 'name'] : ['name'];
    const scale = larger();
    const text = (size, colour, more = {}) => ({
      labelProps, fill: colour, stroke: c.halo, width: 2.2, font: `${more.weight || 400} ${size * scale}px ${family()}`, lineHeight: 1.25, ...more,
    });
    const point = (layer, kinds, symbolizer, minzoom, maxzoom) => ({ dataLayer: layer, filter: isOf(...kinds), symbolizer, minzoom, maxzoom });
    const centred = (...options) => new protomapsL.CenteredTextSymbolizer(text(...options));
    const dotted = (size, colour, radius) => new protomapsL.GroupSymbolizer([
      new protomapsL.CircleSymbolizer({ radius, fill: colour, stroke: c.halo, width: 1.5 }),
      new protomapsL.OffsetTextSymbolizer({ ...text(size, colour), offsetX: 7, offsetY: 4, placements: [3], justify: 1 }),
    ]);
    const along = (layer, size, colour, minzoom, filter) => ({
      dataLayer: layer, minzoom, filter, symbolizer: new protomapsL.LineLabelSymbolizer({ ...text(size, colour), repeatDistance: 420, position: 2 }),
    });
    return [
      point('places', ['city'], centred(17, c.strong, { weight: 600, letterSpacing: 2 }), 0, 13),
      point('places', ['town'], centred(15, c.strong, { weight: 600, letterSpacing: 1 }), 11, 15),
      point('quarters', ['quarter'], centred(14, c.strong, { letterSpacing: 1 }), 13, 16),
      point('quarters', ['station'], dotted(13, c.strong, 3.5), 14),
      along('avenues', 13, c.text, 13),
      along('roads', 12.5, c.text, 14),
      point('spots', ['park'], centred(12.5, c.green, { maxLineChars: 8 }), 15),
      point('quarters', ['water'], centred(12.5, c.blue), 14),
      along('water', 12.5, c.blue, 13, isLine),
      point('spots', ['hospital', 'school'], centred(12.5, c.text), 15),
      point('spots', ['neighbourhood'], centred(12.5, c.text), 15, 17),
      along('lanes', 12, c.text, 16),
      along('paths', 11.5, c.text, 17),
      point('stops', ['entrance'], dotted(12, c.text, 3), 17),
      point('stops', ['landmark'], centred(12, c.text), 17),
      point('stops', ['bus'], dotted(11.5, c.dot, 2.5), 18),
    ];
  };

  // The layer; its colours change with the theme while it is shown
  nuanyi.basemap = ({ url, lang, credit }) => {
    const colours = () => (nuanyi.isDark() ? DARK : LIGHT);
    const make = () => {
      const made = protomapsL.leafletLayer({
        url, lang, attribution: '', maxDataZoom: 15, paintRules: paintRules(colours()), labelRules: labelRules(colours(), lang), backgroundColor: colours().ground,
      });
      nuanyi.onTheme(() => {
        made.paintRules = paintRules(colours());
        made.labelRules = labelRules(colours(), lang);
        made.backgroundColor = colours().ground;
        made.clearLayout();
        made.rerenderTiles();
      });
      return made;
    };
    const layer = make();
    nuanyi.streets = { layer, credit, again: make }; // again: for a second map beside this one
    layer.on('add', () => nuanyi.setCredits([credit]));
    return layer;
  };
})();

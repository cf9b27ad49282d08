// A pin for forms: a click, a drag and typed numbers each move the others. WGS-84, six decimals.
'use strict';

(() => {
  const DECIMALS = 6; // 0.1 m
  const STEP = 20; // px an arrow key moves the pin
  const NEAR = 17; // zoom at which a door can be told from the next

  nuanyi.pin = () => ({ addTo: () => {} });

  const read = (input, most) => {
    const text = input.value.trim();
    const degrees = Number(text);
    return text && Number.isFinite(degrees) && Math.abs(degrees) <= most ? degrees : null;
  };

  // onChange(lon, lat) after each move; returns {moveTo(lon, lat), circle(lon, lat, metres)}
  nuanyi.picker = ({ lonInput, latInput, onChange = () => {} }) => {
    const { map } = nuanyi;
    const icon = L.divIcon({ html: nuanyi.element('span', 'map-drop'), className: 'map-pin', iconSize: [44, 52], iconAnchor: [22, 48] });
    const marker = L.marker(map.getCenter(), { icon, draggable: true, autoPan: true, keyboard: true, title: nuanyi.words().pin });

    const put = (lon, lat) => {
      marker.setLatLng(nuanyi.toMap(lon, lat));
      if (!map.hasLayer(marker)) marker.addTo(map);
    };
    const write = (place) => {
      const [lon, lat] = nuanyi.fromMap(place);
      lonInput.value = lon.toFixed(DECIMALS);
      latInput.value = lat.toFixed(DECIMALS);
      put(lon, lat);
      onChange(lon, lat);
    };
    const typed = () => {
      const [lon, lat] = [read(lonInput, 180), read(latInput, 85)];
      if (lon === null || lat === null) {
        marker.remove();
        return false;
      }
      put(lon, lat);
      return true;
    };
    const follow = () => {
      if (!typed()) return;
      if (!map.getBounds().pad(-0.1).contains(marker.getLatLng())) map.panTo(marker.getLatLng());
      onChange(...nuanyi.fromMap(marker.getLatLng()));
    };

    nuanyi.onGround(({ lon, lat }) => {
      write(nuanyi.toMap(lon, lat));
      if (map.getZoom() < NEAR - 1) map.setView(marker.getLatLng(), NEAR);
    });
    marker.on('drag dragend', () => write(marker.getLatLng()));
    marker.on('add', () => marker.getElement().addEventListener('keydown', (event) => {
      const move = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      write(map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(move)));
    }));
    for (const input of [lonInput, latInput]) input.addEventListener('input', follow);
    if (typed()) map.setView(marker.getLatLng(), NEAR, { animate: false });
    let ring = null; // how sure a device is of its place
    return {
      circle: (lon, lat, metres) => {
        if (ring) ring.remove();
        ring = L.circle(nuanyi.toMap(lon, lat), { radius: metres, className: 'map-sure', interactive: false }).addTo(map);
      },
      moveTo: (lon, lat) => {
        write(nuanyi.toMap(lon, lat));
        map.setView(marker.getLatLng(), Math.max(map.getZoom(), NEAR));
      },
    };
  };
})();

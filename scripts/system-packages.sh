#!/bin/sh
# What the tests need beyond Python, from Debian's packages when root: PostgreSQL with PostGIS, and
# Chromium with Chinese fonts. Says in one line what is missing; fails only where CI=true, for
# there nothing may be skipped.
set -eu

have_postgis() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 &&
        ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1
}

have_chromium() {
    [ -x /usr/bin/chromium ] && ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.* >/dev/null 2>&1
}

wanted=""
have_postgis || wanted="postgresql postgresql-postgis"
have_chromium || wanted="$wanted chromium fonts-noto-cjk"

if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing from Debian's packages (once): $wanted ..."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of names
    { apt-get update -q && apt-get install -q -y --no-install-recommends $wanted; } >"$log" 2>&1 ||
        tail -n 5 "$log"
    rm -f "$log"
fi

missing=0
if ! have_postgis; then
    echo "PostgreSQL with PostGIS is not installed (apt-get install postgresql postgresql-postgis): its tests are skipped"
    missing=1
fi
if ! have_chromium; then
    echo "Chromium with Chinese fonts is not installed (apt-get install chromium fonts-noto-cjk): the browser's tests are skipped"
    missing=1
fi
[ "$missing" = 0 ] || [ "${CI:-}" != true ] || exit 1

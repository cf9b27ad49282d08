#!/bin/sh
# What the tests need beyond Python: PostgreSQL with PostGIS, from Debian's packages when root.
# Says in one line what is missing; fails only where CI=true, for there nothing may be skipped.
set -eu

have_postgis() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 &&
        ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1
}

install_postgis() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "installing PostgreSQL with PostGIS from Debian's packages (once) ..."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get update -q && apt-get install -q -y --no-install-recommends postgresql postgresql-postgis; } \
        >"$log" 2>&1 || tail -n 5 "$log"
    rm -f "$log"
}

have_postgis || install_postgis
if ! have_postgis; then
    echo "PostgreSQL with PostGIS is not installed (apt-get install postgresql postgresql-postgis): its tests are skipped"
    [ "${CI:-}" != true ] || exit 1
fi

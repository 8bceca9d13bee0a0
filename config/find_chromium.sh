#!/bin/bash
# Print the path of a Chromium for the browser tests. Without one, install it where we may; else say how.
set -eu

look() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name"; then return 0; fi
    done
    return 1
}

if look; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo 'Installing Chromium with apt-get (once)' >&2
    if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends chromium; } >&2 2>&1
    then
        look && exit 0
    fi
fi

echo 'No Chromium was found, so the browser tests cannot run here and will fail.' >&2
echo 'Install it (on Debian: sudo apt-get install chromium), or set CHROMIUM to its path.' >&2

#!/bin/sh
# Gets `faketime`, which runs a program with its clock at another day: one that is there, else Debian's.
set -u
if command -v faketime >/dev/null 2>&1; then
    echo "faketime: $(command -v faketime)"
    exit 0
fi
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
    if $sudo apt-get update -qq >/dev/null 2>&1 &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq faketime >/dev/null 2>&1; then
        echo "faketime: Debian's, now installed"
        exit 0
    fi
fi
echo "No faketime: install it (on Debian: apt-get install faketime), then run this again." >&2
exit 1

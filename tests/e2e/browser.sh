#!/bin/sh
# Gets a Chromium for the browser tests: one that is there, else Debian's, else Playwright's own.
set -u
python=${1:-python3}
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
        echo "browser: $(command -v "$name")"
        exit 0
    fi
done
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
    if $sudo apt-get update -qq >/dev/null 2>&1 &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1; then
        echo "browser: Debian's chromium, now installed"
        exit 0
    fi
fi
if "$python" -m playwright install --with-deps chromium || "$python" -m playwright install chromium; then
    echo "browser: Playwright's own chromium"
    exit 0
fi
echo "No browser: install Chromium (on Debian: apt-get install chromium), then run this again." >&2
exit 1

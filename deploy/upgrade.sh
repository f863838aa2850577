#!/bin/sh
# Replace what runs by the version in this folder, or roll back to the image before: one replica at
# a time, so that the other answers meanwhile. One that does not come up gets back what it ran.
#   deploy/upgrade.sh            build this version, keep the last one as worth-tuning:before
#   deploy/upgrade.sh rollback   start worth-tuning:before again
set -eu
READY="import urllib.request as u; u.urlopen('http://127.0.0.1:8501/readyz', timeout=4)"

end() {
	echo "$*" >&2
	exit 1
}

comes_up() {
	docker compose up --detach --no-build --wait "$1" || return
	# That went by /healthz, and a version that can't bring the database up to date lives too.
	[ "$1" != worker ] || return 0
	for _ in $(seq 30); do
		docker compose exec -T "$1" python -c "$READY" 2>/dev/null && return
		sleep 2
	done
	return 1
}

# The workers come last, so what they run is the version that was good.
worker=$(docker compose ps --quiet worker | head -n 1)
[ -n "$worker" ] || end "No worker runs, so nothing is replaced; docker compose up -d starts all."
docker tag "$(docker inspect --format '{{.Image}}' "$worker")" worth-tuning:running
trap 'docker rmi worth-tuning:running >/dev/null 2>&1 || true' EXIT
if [ "${1:-}" = rollback ]; then
	version="the version before"
	docker tag worth-tuning:before worth-tuning:latest
else
	version="this version"
	docker compose build app1 || end "This version can't be built; nothing was replaced."
	id='{{.Id}}'
	[ "$(docker image inspect --format "$id" worth-tuning:running)" = \
		"$(docker image inspect --format "$id" worth-tuning:latest)" ] ||
		docker tag worth-tuning:running worth-tuning:before
fi
replaced=
first='Nothing else was replaced.'
for service in app1 app2 worker; do
	if comes_up "$service"; then
		replaced="$replaced $service" first=
		continue
	fi
	docker compose logs --no-color "$service" | grep -v '"level": "INFO"' | tail -n 20 >&2
	docker tag worth-tuning:running worth-tuning:latest
	comes_up "$service" || end "$service does not come up, with $version and with what ran until now:" \
		"why stands above. Look at .env and the database."
	end "$service does not come up with $version: why stands above. It runs again what it ran." \
		"${replaced:+deploy/upgrade.sh rollback takes back what was replaced: ${replaced# }.}${first}"
done

#!/bin/sh
# Replace what runs by the version in this folder, or roll back to the image before: one replica at
# a time, so that the other answers meanwhile.
#   deploy/upgrade.sh            build this version, keep the last one as worth-tuning:before
#   deploy/upgrade.sh rollback   start worth-tuning:before again
set -eu
if [ "${1:-}" = rollback ]; then
	docker tag worth-tuning:before worth-tuning:latest
else
	# The workers come last, so what they run is the version that was good: tried a second time, an
	# upgrade that did not come up leaves it to roll back to.
	running=$(docker inspect --format '{{.Image}}' "$(docker compose ps --quiet worker | head -n 1)")
	docker tag "$running" worth-tuning:running
	docker compose build app1
	built=$(docker image inspect --format '{{.Id}}' worth-tuning:latest)
	[ "$running" = "$built" ] || docker tag worth-tuning:running worth-tuning:before
	docker rmi worth-tuning:running >/dev/null
fi
for service in app1 app2 worker; do
	docker compose up --detach --no-build --no-deps --force-recreate --wait "$service"
done

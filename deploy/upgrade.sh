#!/bin/sh
# Replace what runs by the version in this folder, or roll back to the image before: one replica at
# a time, so that the other answers meanwhile.
#   deploy/upgrade.sh            build this version, keep the last one as worth-tuning:before
#   deploy/upgrade.sh rollback   start worth-tuning:before again
set -eu
if [ "${1:-}" = rollback ]; then
	docker tag worth-tuning:before worth-tuning:latest
else
	docker tag worth-tuning:latest worth-tuning:before
	docker compose build app1
fi
for service in app1 app2 worker; do
	docker compose up --detach --no-build --no-deps --force-recreate --wait "$service"
done

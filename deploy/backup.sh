#!/bin/sh
# Backups of the app's Postgres, by the programs of the server's own version.
#   backup.sh daily          one now and one every day, those older than KEEP_BACKUPS days go
#   backup.sh now            one, and its name
#   backup.sh restore FILE   all of it or nothing; the app has to be stopped
# PGHOST, PGUSER, PGPASSWORD and PGDATABASE say where the database is, BACKUPS where the files go.
set -eu
BACKUPS=${BACKUPS:-/backups}

now() {
	file="$BACKUPS/worth-tuning-$(date -u +%Y%m%dT%H%M%SZ).backup"
	# Under its own name only once it is whole.
	trap 'rm -f "$file.unfinished"' EXIT
	pg_dump --format=custom --no-owner --file="$file.unfinished"
	mv "$file.unfinished" "$file"
	trap - EXIT
	echo "$file"
}

restore() {
	script=$(mktemp)
	trap 'rm -f "$script"' EXIT
	pg_restore --no-owner --file="$script" "$1"
	psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction \
		--command='SET client_min_messages = warning' \
		--command='DROP SCHEMA public CASCADE' --command='CREATE SCHEMA public' \
		--file="$script" >/dev/null
	echo "$1 is back."
}

case "${1:-}" in
now) now ;;
restore) restore "${2:?name a file that backup.sh has written}" ;;
daily)
	while :; do
		if now; then
			find "$BACKUPS" -name 'worth-tuning-*.backup' -mtime "+${KEEP_BACKUPS:-14}" -delete
		else
			echo "The backup failed; the next one is tried in an hour." >&2
			sleep 3600 & wait $!
			continue
		fi
		sleep 86400 & wait $!
	done
	;;
*) echo "usage: backup.sh daily | now | restore FILE" >&2; exit 2 ;;
esac

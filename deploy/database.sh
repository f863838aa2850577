#!/bin/sh
# Once, when the database is first made: the app's own role, which owns its database and no more.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$WORTH_PASSWORD" \
	--username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE worth LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE worth OWNER worth;
REVOKE ALL ON DATABASE worth FROM PUBLIC;
SQL

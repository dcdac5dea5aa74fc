#!/bin/sh
# Debian packages: deb.sh DIRECTORY, a copy of the source, which gets debian/ put into place. The packages appear
# beside it. The version is the library's, its date that of SOURCE_DATE_EPOCH.
set -eu
source=$1
version=$(sed -n 's/^#define EB_VERSION "\(.*\)"/\1/p' runtime/src/client.c)
date=$(LC_ALL=C date -u -R -d "@${SOURCE_DATE_EPOCH:-1577836800}")

cp -r runtime/package/debian "$source"
cat >"$source/debian/changelog" <<CHANGELOG
edgebind ($version) unstable; urgency=medium

  * Version $version; see CHANGELOG.md.

 -- edgebind contributors <edgebind@example.org>  $date
CHANGELOG
cd "$source"
unset MAKEFLAGS MFLAGS VARIANT CC CFLAGS CPPFLAGS LDFLAGS
dpkg-buildpackage -us -uc -b

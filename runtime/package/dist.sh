#!/bin/sh
# A source archive: dist.sh DIRECTORY makes the directory and DIRECTORY.tar.gz of what git tracks, as it lies in the
# tree. Order, owner, dates and modes are fixed, so that the same files give the same bytes wherever they are.
set -eu
made=$1
epoch=${SOURCE_DATE_EPOCH:-1577836800}

rm -rf "$made" "$made.tar.gz"
mkdir -p "$made"
git ls-files -z --cached --others --exclude-standard | xargs -0 -I {} sh -c '[ ! -e "$1" ] || printf "%s\0" "$1"' sh {} |
    tar --null --files-from=- -cf - | tar -xf - -C "$made"
tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode='u+rw,go+r,go-w' --format=ustar \
    -C "$(dirname "$made")" -cf - "$(basename "$made")" | gzip -9n >"$made.tar.gz"
sha256sum "$made.tar.gz"

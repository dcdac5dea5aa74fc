#!/bin/sh
# The public symbols of a library against the list of what they are meant to be: a name that appears, goes or changes from
# a function to an object is seen before anybody links with it.
#
#     symbols.sh LIBRARY [--update]
export LC_ALL=C
list=$(dirname "$0")/symbols.txt
made=$(mktemp)
trap 'rm -f "$made"' EXIT
nm --defined-only --extern-only --format=posix "$1" |
    awk 'NF > 2 && $1 !~ /^eb__/ { print $1, ($2 == "T" ? "function" : "object") }' | sort -u >"$made"
if [ "$2" = --update ]; then
    cp "$made" "$list"
elif diff -u "$list" "$made" && [ -s "$made" ]; then
    echo "1 passed, 0 failed"
else
    echo "public symbols: make symbols, and read the diff"
    echo "0 passed, 1 failed"
    exit 1
fi

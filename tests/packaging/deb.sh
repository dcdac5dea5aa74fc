#!/bin/sh
# Debian packages: they are built from a copy of the source, please lintian, and a program builds against what they
# install (unpacked to a place of its own) and runs.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
made=build/dist
passed=0
failed=0

try() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $what"
        tail -n 20 "$work/log"
    fi
}

archive_sum() {
    make -s dist | cut -d ' ' -f 1
}

first=$(archive_sum)
try 'make dist gives the same bytes' test "$first" = "$(archive_sum)"
rm -f $made/*.deb $made/*.changes
try 'make deb' make -s deb
root=$(if [ "$(id -u)" = 0 ]; then echo --allow-root; fi)
try 'lintian' lintian $root --fail-on error,warning $made/edgebind_*.changes

version=$(sed -n 's/^#define EB_VERSION "\(.*\)"/\1/p' runtime/src/client.c)
arch=$(dpkg --print-architecture)
for package in libedgebind"${version%.*}" libedgebind-dev edgebind-tools; do
    try "$package" dpkg -x "$made/${package}_${version}_$arch.deb" "$work/root"
done
lib=$work/root/usr/lib/$(gcc -print-multiarch)
try 'no library names a place to look in' sh -c "! readelf -d '$lib'/*.so | grep -E 'RPATH|RUNPATH'"
try 'the packages depend on libcurl and libcrypto' sh -c "dpkg -f $made/libedgebind${version%.*}_*.deb Depends | grep libcurl4 | grep -q libssl3"

cp tests/packaging/pkg-config/Makefile tests/packaging/consumer.c "$work"
for static in '' --static; do
    rm -f "$work/consumer"
    try "a program builds against the packages $static" env PKG_CONFIG_SYSROOT_DIR="$work/root" \
        PKG_CONFIG_PATH="$lib/pkgconfig" PKG_CONFIG_SYSTEM_LIBRARY_PATH=/none make -C "$work" STATIC=$static
    try "it runs $static" env LD_LIBRARY_PATH="$lib" "$work/consumer"
done
try 'eb runs' "$work/root/usr/bin/eb" --version
try 'eb(1)' sh -c "zcat '$work/root/usr/share/man/man1/eb.1.gz' | grep -q '^\.Nm eb\|^\.TH'"

echo "$passed passed, $failed failed"
[ $failed = 0 ]

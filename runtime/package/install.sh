#!/bin/sh
# Installs what is built: install.sh LIBRARIES VERSION ABI [EB], with DESTDIR, PREFIX and LIBDIR in the environment. What
# is a shared library in LIBRARIES gets its versioned name and links; without any, only the static one is installed.
set -eu
built=$1 version=$2 abi=$3 tool=${4-}
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
lib=${DESTDIR-}$libdir
include=${DESTDIR-}$prefix/include/edgebind
man=${DESTDIR-}${MANDIR:-$prefix/share/man}
here=$(dirname "$0")
root=$here/../..

install -d "$lib/pkgconfig" "$lib/cmake/edgebind" "$include" "$man/man1" "$man/man3"
install -m 644 "$root"/runtime/include/edgebind/*.h "$root"/generated/include/edgebind/*.h "$include"
install -m 644 "$built/libedgebind.a" "$lib"
for page in "$root"/runtime/man/man?/*; do # some are links to the page of their family
    cp -Pf "$page" "$man/$(basename "$(dirname "$page")")"
done

# The command-line tool; completions are what it prints.
if [ -n "$tool" ]; then
    share=${DESTDIR-}$prefix/share
    install -d "${DESTDIR-}$prefix/bin" "$share/bash-completion/completions" "$share/zsh/site-functions" \
        "$share/fish/vendor_completions.d"
    install -m 755 "$tool" "${DESTDIR-}$prefix/bin/eb"
    install -m 644 "$here/../cli/eb.1" "$man/man1"
    "$tool" completion bash >"$share/bash-completion/completions/eb"
    "$tool" completion zsh >"$share/zsh/site-functions/_eb"
    "$tool" completion fish >"$share/fish/vendor_completions.d/eb.fish"
fi

shared() { # NAME: libNAME.so.0.1.0, and the links by which programs run and are linked
    [ -e "$built/lib$1.so" ] && [ "${SHARED-yes}" != no ] || return 0
    install -m 755 "$built/lib$1.so" "$lib/lib$1.so.$version"
    ln -sf "lib$1.so.$version" "$lib/lib$1.so.$abi"
    ln -sf "lib$1.so.$abi" "$lib/lib$1.so"
}

fill() { # TEMPLATE FILE: with the values at hand
    sed -e "s|@prefix@|$prefix|" -e "s|@libdir@|$libdir|" -e "s|@version@|$version|" \
        -e "s|@api@|${api-}|" -e "s|@title@|${title-}|" -e "s|@requires@|${requires-}|" \
        -e "s|@include@|$up|" -e "s|@abi_regex@|$(echo "$abi" | sed 's/\./\\\\\\\\./')|" \
        -e "s|@targets@|${targets-}|" "$here/$1" >"$2"
    chmod 644 "$2"
}

shared edgebind
up=$(realpath -m --relative-to="$libdir/cmake/edgebind" "$prefix/include")
targets=
for source in "$root"/generated/src/*.c; do
    api=$(basename "$source" .c)
    title=$(sed -n '1s|.* -- ||p' "$root/generated/include/edgebind/$api.h")
    needs=$(sed -n 's|^#include "edgebind/\(.*\)\.h"$|\1|p' "$source" | grep -vx "$api" || true)
    requires="edgebind = $version"
    behind=edgebind::edgebind
    for other in $needs; do
        requires="$requires, edgebind-$other = $version"
        behind="edgebind::$other $behind"
    done
    targets="$targets\\n_edgebind_target($api edgebind-$api $behind)"
    fill edgebind-api.pc.in "$lib/pkgconfig/edgebind-$api.pc"
    shared "edgebind-$api"
    # Empty, so that a program is linked alike with the one archive that has everything.
    rm -f "$lib/libedgebind-$api.a"
    ${AR:-ar} rcs "$lib/libedgebind-$api.a"
done
targets=${targets#\\n}
fill edgebind.pc.in "$lib/pkgconfig/edgebind.pc"
fill edgebind-config.cmake.in "$lib/cmake/edgebind/edgebind-config.cmake"
fill edgebind-config-version.cmake.in "$lib/cmake/edgebind/edgebind-config-version.cmake"

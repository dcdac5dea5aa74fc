#!/bin/sh
# Debian's libraries for another architecture, and sources of packages, for the checks that want them: by apt, as any
# user, into build/debian/, beside the system rather than into it. Does nothing when they are there.
#
#     debian.sh libraries ARCH PACKAGE...    build/debian/ARCH, to give to a compiler as --sysroot
#     debian.sh sources PACKAGE...           build/debian/source/PACKAGE
set -eu
cd "$(dirname "$0")/.."
kind=$1
shift

private_apt() { # ARCH COMMAND...: apt with a state of its own; nothing is installed, so everything is fetched
    arch=$1
    shift
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/sources"
    : >"$state/status"
    apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o Acquire::Languages=none \
        -o APT::Install-Recommends=0 -o APT::Sandbox::User= -o Acquire::Retries=3 -o Debug::NoLocking=1 \
        -o Dir::State="$state" -o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status" \
        -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/sources" "$@"
}

debian_sources() { # deb or deb-src: Debian's own archives from those that this machine uses, without other people's
    sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* \
        2>/dev/null | grep '/debian/*$' | sort -u | head -n 1 | sed "s|.*|Types: $1\nURIs: &\nSuites: $(release)\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg|"
}

release() {
    # shellcheck source=/dev/null
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

prepare() { # deb or deb-src, ARCH
    mkdir -p "$state/sources"
    debian_sources "$1" >"$state/sources/debian.sources"
    [ -s "$state/sources/debian.sources" ] || { echo 'deps: apt knows no archive of Debian' >&2; exit 1; }
    private_apt "$2" update
}

case $kind in
libraries)
    arch=$1
    shift
    root=build/debian/$arch
    [ "$(cat "$root.packages" 2>/dev/null)" != "$*" ] || exit 0
    echo "deps: libraries for $arch into $root"
    state=$(pwd)/build/debian/apt-$arch
    prepare deb "$arch"
    private_apt "$arch" install -y --download-only "$@"
    rm -rf "$root"
    mkdir -p "$root"
    for package in "$state"/cache/archives/*.deb; do
        dpkg -x "$package" "$root"
    done
    rm -rf "$state"
    echo "$*" >"$root.packages"
    ;;
sources)
    missing=
    for package in "$@"; do
        [ -d "build/debian/source/$package" ] || missing="$missing $package"
    done
    [ -n "$missing" ] || exit 0
    echo "deps: sources of$missing into build/debian/source"
    native=$(dpkg --print-architecture)
    state=$(pwd)/build/debian/apt-source
    prepare deb-src "$native"
    mkdir -p build/debian/source
    cd build/debian/source
    for package in $missing; do
        mkdir -p "$state/$package"
        # shellcheck disable=SC2086
        (cd "$state/$package" && private_apt "$native" source --download-only "$package" && dpkg-source --no-check -x ./*.dsc made >/dev/null)
        mv "$state/$package/made" "$package"
    done
    rm -rf "$state"
    ;;
esac

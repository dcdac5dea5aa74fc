#!/bin/sh
# Installs what is missing to build and check: system packages through apt, Python packages into .venv.
# Quiet and quick when nothing is missing, and safe to run several times at once. `deps.sh all` adds what
# only the long checks need. Without apt, or without the right to use it, it names what is missing and stops.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

have()   { command -v "$1" >/dev/null 2>&1; }
module() { have pkg-config && pkg-config --exists "$1"; }

python_of_choice() { # the first Python that can make a virtual environment
    for python in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        have "$python" || continue
        "$python" -c 'import ensurepip, ssl, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        echo "$python"
        return 0
    done
    return 1
}

clang_runtime() { # clang's sanitizers come in a package of their own
    have clang && ls "$(clang -print-resource-dir)"/lib/linux/libclang_rt.asan-*.a >/dev/null 2>&1
}

clang_number() { # 14 on Debian 12
    number=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    echo "${number:-14}"
}

# What `pkg-config --static --libs libcurl` names is more than libcurl's own package brings.
static_curl_packages='libbrotli-dev libidn2-dev libkrb5-dev libldap-dev libnghttp2-dev libpsl-dev librtmp-dev libssh2-1-dev libzstd-dev'
static_curl() {
    # shellcheck disable=SC2046 # one word per library
    echo 'int main(void) { return 0; }' | gcc -x c -o /dev/null - $(pkg-config --static --libs libcurl) >/dev/null 2>&1
}

# What must be there, by what it is good for rather than by package name: "package test".
# A package the machine has in another form (nginx for nginx-light, say) is not installed again.
missing_packages() {
    have gcc && have g++ && have make || echo build-essential
    have clang && have clang++        || echo clang
    clang_runtime                     || echo "libclang-rt-$(clang_number)-dev"
    have clang-format-14 || have clang-format || echo clang-format
    have clang-tidy                   || echo clang-tidy
    have cppcheck                     || echo cppcheck
    have valgrind                     || echo valgrind
    have nginx || [ -x /usr/sbin/nginx ] || echo nginx-light
    have openssl                      || echo openssl
    have mandoc                       || echo mandoc
    have curl                         || echo curl
    have git                          || echo git
    have pkg-config                   || echo pkg-config
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || echo ca-certificates
    module check                      || echo check
    module libcjson                   || echo libcjson-dev
    module libcurl                    || echo libcurl4-openssl-dev
    module libcrypto                  || echo libssl-dev
    venv_is_current || python_of_choice >/dev/null || echo python3 python3-venv
    [ "$1" = all ] || return 0
    have cmake                        || echo cmake
    have zsh                          || echo zsh
    have fish                         || echo fish
    have chromium                     || echo chromium
    have doxygen                      || echo doxygen
    have meson                        || echo meson
    have ninja                        || echo ninja-build
    static_curl                       || echo "$static_curl_packages"
    have musl-gcc                     || echo musl-tools
    have x86_64-w64-mingw32-gcc-posix || echo gcc-mingw-w64-x86-64-posix
    [ -x /usr/lib/wine/wine64 ]       || echo wine64
    have qemu-s390x-static            || echo qemu-user-static
    have s390x-linux-gnu-ld           || echo binutils-s390x-linux-gnu
    have abidw                        || echo abigail-tools
    have dh                           || echo debhelper
    have lintian                      || echo lintian
}

venv_stamp() { { cat requirements.txt; pwd; } | cksum; }

venv_is_current() {
    [ -x .venv/bin/python ] && [ -f .venv/stamp ] && [ "$(cat .venv/stamp)" = "$(venv_stamp)" ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt() { # another apt-get may be at work: wait for it
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@" >/dev/null
}

# Packages may start services when they are installed; nobody asked for a web server on port 80.
policy=/usr/sbin/policy-rc.d
forbid_services() {
    [ -e $policy ] && return 0
    trap 'as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
}

install_packages() {
    missing=$(missing_packages "$1" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if ! have apt-get || { [ "$(id -u)" != 0 ] && ! have sudo; }; then
        echo "deps: please install (Debian's names): $missing" >&2
        exit 1
    fi
    apt update || { sleep 5 && apt update; }
    missing=$(missing_packages "$1" | tr '\n' ' ') # now that apt knows its packages
    echo "deps: installing $missing"
    forbid_services
    # shellcheck disable=SC2086 # one word per package
    apt install -y --no-install-recommends $missing
    missing=$(missing_packages "$1" | tr '\n' ' ')
    if [ -n "$missing" ]; then
        echo "deps: still missing after installing: $missing" >&2
        exit 1
    fi
}

make_venv() {
    venv_is_current && return 0
    echo "deps: Python packages into .venv"
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        "$(python_of_choice)" -m venv .venv
    fi
    .venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
        --require-hashes --only-binary :all: -r requirements.txt
    # Our own packages are used where they lie.
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$root/generator" "$root/tests/mock" >"$site/edgebind.pth"
    venv_stamp >.venv/stamp
}

# Debian's libraries for the processors that we are built for, and sources of what musl and Windows have no package of.
foreign() {
    for arch in i386 s390x; do
        .ci/debian.sh libraries $arch libc6-dev libgcc-12-dev libcurl4-openssl-dev libssl-dev libcjson-dev check
    done
    .ci/debian.sh sources cjson check
}

# Conan has requirements of its own: an environment of its own.
conan_is_there() { [ -x build/conan/bin/conan ] && cmp -s build/conan/requirements.txt tests/packaging/conan-requirements.txt; }
make_conan() {
    conan_is_there && return 0
    echo 'deps: Conan into build/conan'
    rm -rf build/conan
    "$(python_of_choice)" -m venv build/conan
    build/conan/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
        --require-hashes -r tests/packaging/conan-requirements.txt
    cp tests/packaging/conan-requirements.txt build/conan/requirements.txt
}
foreign_is_there() {
    [ -e build/debian/i386.packages ] && [ -e build/debian/s390x.packages ] &&
        [ -d build/debian/source/cjson ] && [ -d build/debian/source/check ]
}

what=${1-}
if [ -z "$(missing_packages "$what")" ] && venv_is_current && { [ "$what" != all ] || { foreign_is_there && conan_is_there; }; }; then
    exit 0
fi
exec 9<.ci/deps.sh
if have flock; then flock 9; fi
install_packages "$what"
make_venv
if [ "$what" = all ]; then
    foreign
    make_conan
fi

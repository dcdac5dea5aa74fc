#!/bin/sh
# Programs of other people, built from outside: each project of this directory is copied to a place of its own, finds
# the library there as its users would (installed, or as a copy of the source) and is run. And the libraries show
# no name but public ones.
cd "$(dirname "$0")/../.." || exit 1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CFLAGS LDFLAGS MAKEFLAGS MFLAGS
apis=$(cd generated/src && ls -- *.c | sed 's/\.c$//')
public="^(eb_[^_]|($(echo $apis | tr ' ' '|'))_)"
passed=0
failed=0

result() { # STATUS WHAT
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $2"
        tail -n 20 "$work/log"
    fi
}

try() { # WHAT COMMAND...
    what=$1
    shift
    "$@" >"$work/log" 2>&1
    result $? "$what"
}

project() { # KIND: a copy of it, with the program
    rm -rf "$work/app"
    cp -r "tests/packaging/$1" "$work/app"
    cp tests/packaging/consumer.c "$work/app"
}

cmake_build() { # ARGUMENTS
    cmake -S "$work/app" -B "$work/app/build" -G Ninja "$@" && cmake --build "$work/app/build" -j 2
}

own_names() { # WHAT NM-ARGUMENTS...: every global name is one of ours
    what=$1
    shift
    nm --defined-only --extern-only --format=posix "$@" | awk 'NF > 1 { print $1 }' | sort -u >"$work/names"
    [ -s "$work/names" ] && ! grep -vE "$pattern" "$work/names" >"$work/log"
    result $? "$what: names without our prefix"
}

# ---- Installed ----------------------------------------------------------------------------------------------

for kind in yes no; do
    try "make install SHARED=$kind" make --no-print-directory install PREFIX="$work/shared-$kind" SHARED=$kind
done
try 'make install DESTDIR' make --no-print-directory install DESTDIR="$work/stage" PREFIX=/usr LIBDIR=/usr/lib/triplet
try 'staged files name the final place' grep -qx 'libdir=/usr/lib/triplet' \
    "$work/stage/usr/lib/triplet/pkgconfig/edgebind.pc"
! grep -rIl "$work\|$root" "$work/stage" >"$work/log"
result $? 'staged files name the place they were built or staged in'

pattern=$public
for library in "$work"/shared-yes/lib/*.so; do
    own_names "$(basename "$library")" -D "$library"
    try "$(basename "$library"): soname" sh -c "readelf -d '$library' | grep -q 'SONAME.*$(basename "$library")\.[0-9]'"
done
pattern=$(echo "$public" | sed 's/\[^_\]//')
own_names 'libedgebind.a' "$work/shared-yes/lib/libedgebind.a"

export LD_LIBRARY_PATH="$work/shared-yes/lib"
export PKG_CONFIG_PATH="$work/shared-yes/lib/pkgconfig"
project pkg-config
try 'pkg-config, shared' make -C "$work/app"
try 'pkg-config, shared: runs' "$work/app/consumer"
for api in $apis; do
    try "pkg-config, shared: edgebind-$api links alone" sh -c "printf '#include <edgebind/$api.h>\nint main(void) { return ${api}_api.name == NULL; }\n' |
        cc -x c - -o '$work/app/alone' \$(pkg-config --cflags --libs edgebind-$api) && '$work/app/alone'"
done

export LD_LIBRARY_PATH=
export PKG_CONFIG_PATH="$work/shared-no/lib/pkgconfig"
project pkg-config
try 'pkg-config, static' make -C "$work/app" STATIC=--static
try 'pkg-config, static: runs' "$work/app/consumer"
! ldd "$work/app/consumer" 2>&1 | grep edgebind >"$work/log"
result $? 'pkg-config, static: no shared edgebind is loaded'
export PKG_CONFIG_PATH=

for kind in yes no; do
    project cmake-find-package
    try "find_package, SHARED=$kind" cmake_build -DCMAKE_PREFIX_PATH="$work/shared-$kind"
    try "find_package, SHARED=$kind: runs" "$work/app/build/consumer"
done
project cmake-find-package
try 'find_package, EDGEBIND_STATIC' cmake_build -DCMAKE_PREFIX_PATH="$work/shared-yes" -DEDGEBIND_STATIC=ON
try 'find_package, EDGEBIND_STATIC: runs' "$work/app/build/consumer"
sed -i 's/edgebind 0.1/edgebind 0.0/' "$work/app/CMakeLists.txt"
! cmake_build -DCMAKE_PREFIX_PATH="$work/shared-yes" --fresh >"$work/log" 2>&1
result $? 'find_package: another minor version is refused before 1.0'

# ---- As source ----------------------------------------------------------------------------------------------

mkdir "$work/edgebind"
cp -r CMakeLists.txt meson.build LICENSE runtime generated "$work/edgebind"

for kind in add-subdirectory fetch-content; do
    project cmake-$kind
    cp -r "$work/edgebind" "$work/app/edgebind"
    shared=$([ $kind = fetch-content ] && echo ON || echo OFF)
    try "$kind, shared $shared" cmake_build -DBUILD_SHARED_LIBS=$shared
    try "$kind: runs" "$work/app/build/consumer"
done
if [ -e "$work/app/build/_deps" ]; then
    pattern=$public
    own_names 'fetch-content: libedgebind.so' -D "$work"/app/build/_deps/edgebind-build/libedgebind.so
fi

project plain
mkdir "$work/app/include"
cp -r runtime/include/edgebind generated/include/edgebind "$work/app/include"
cp runtime/src/*.[ch] generated/src/edgegap.c "$work/app"
try 'cc *.c' sh -c "cd '$work/app' && ./build.sh"
try 'cc *.c: runs' "$work/app/consumer"

project meson-subproject
mkdir "$work/app/subprojects"
cp -r "$work/edgebind" "$work/app/subprojects/edgebind"
try 'meson subproject' sh -c "meson setup '$work/app/build' '$work/app' && ninja -j 2 -C '$work/app/build'"
try 'meson subproject: runs' "$work/app/build/consumer"
pattern=$public
own_names 'meson: libedgebind.so' -D "$work/app/build/subprojects/edgebind/libedgebind.so"

# Built by CMake itself, tested, installed, found.
cp -r tests "$work/edgebind"
try 'cmake, top level' sh -c "cmake -S '$work/edgebind' -B '$work/build' -G Ninja -DCMAKE_INSTALL_PREFIX='$work/cmake' \
    -DCMAKE_INSTALL_LIBDIR=lib && cmake --build '$work/build' -j 2"
try 'cmake, top level: ctest' ctest --test-dir "$work/build" --no-tests=error
try 'cmake, top level: install' cmake --install "$work/build"
project cmake-find-package
try 'find_package of what CMake installed' cmake_build -DCMAKE_PREFIX_PATH="$work/cmake"
try 'find_package of what CMake installed: runs' "$work/app/build/consumer"
# The tool and manual pages are make's alone.
(cd "$work/cmake" && find lib include -type f ! -name '*.a' | sort) >"$work/cmake.list"
(cd "$work/shared-no" && find lib include -type f ! -name '*.a' | sort) >"$work/make.list"
try 'CMake and make install the same libraries and headers' diff "$work/cmake.list" "$work/make.list"

# ---- By other package managers, with the system's libcurl, libcrypto and cJSON ----------------------------------

cp Makefile "$work/edgebind"
export CONAN_HOME="$work/conan"
conan=$root/build/conan/bin/conan
try 'conan: a profile' "$conan" profile detect
for shared in False True; do
    try "conan create, shared $shared" "$conan" create "$work/edgebind/runtime/package/conan" --no-remote \
        -o '&:system=True' -o "&:shared=$shared" -c "tools.cmake.cmake_layout:test_folder=$work/conan-test-$shared"
done

try 'vcpkg: the portfile' cmake -DPORT="$work/edgebind/runtime/package/vcpkg" -DINTO="$work/vcpkg" \
    -P tests/packaging/vcpkg.cmake
try 'vcpkg: the copyright' test -s "$work/vcpkg/packages/share/edgebind/copyright"
project cmake-find-package
try 'vcpkg: find_package' cmake_build -DCMAKE_PREFIX_PATH="$work/vcpkg/packages"
try 'vcpkg: find_package: runs' "$work/app/build/consumer"

# ---- A vendored copy with cJSON inside ------------------------------------------------------------------------------

try 'vendor --bundle-cjson' .venv/bin/python -m edgebind vendor --api dcdn --prefix acme_ --out "$work/vendored" \
    --bundle-cjson build/debian/source/cjson
try 'vendor --bundle-cjson: compiles' gcc -std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Werror \
    -c -o "$work/vendored.o" "$work/vendored/acme.c"
pattern='^acme_'
own_names 'vendor --bundle-cjson' "$work/vendored.o"
printf '#include "acme.h"\nint main(void)\n{\n    acme_cJSON *tree = NULL;\n    const acme_eb_json json = { "[9007199254740993]", 18 };\n    const int st = (int)acme_eb_json_to_cjson(json, &tree);\n    const int count = acme_cJSON_GetArraySize(tree);\n    acme_cJSON_Delete(tree);\n    return st == 0 && count == 1 ? 0 : 1;\n}\n' \
    >"$work/tree.c"
for compiler in 'gcc -std=c11' 'g++ -x c++ -std=c++17'; do
    try "vendor --bundle-cjson: $compiler" sh -c "$compiler -I'$work/vendored' -c -o '$work/tree.o' '$work/tree.c' &&
        gcc -o '$work/tree' '$work/tree.o' '$work/vendored.o' -lcurl -lcrypto -lm -pthread && '$work/tree'"
done

# ---- The generator, installed: it brings the runtime and our documents along -----------------------------------------

mkdir "$work/source"
cp -r pyproject.toml LICENSE generator runtime spec "$work/source"
try 'pip install' .venv/bin/python -m pip install --quiet --no-deps --target "$work/site" "$work/source"
cp tests/examples/tutorial/shop.yaml "$work/shop.yaml"
installed() {
    (cd "$work" && PYTHONPATH="$work/site" "$root/.venv/bin/python" -P -m edgebind "$@")
}
try 'pip install: vendor a document' installed vendor shop.yaml --prefix pet_ --out "$work/pets"
try 'pip install: vendor a document: compiles' gcc -std=c11 -Wall -Wextra -Werror -c -o "$work/pets.o" "$work/pets/pet.c"
try 'pip install: vendor an API' installed vendor --api oss --out "$work/oss"
try 'pip install: the licence comes along' cmp LICENSE "$work/oss/LICENSE"
try 'pip install: the command' env PYTHONPATH="$work/site" "$work/site/bin/edgebind" --version

echo "$passed passed, $failed failed"
[ $failed = 0 ]

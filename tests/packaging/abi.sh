#!/bin/sh
# The ABI of the shared libraries against the descriptions of the last release in runtime/package/abi/. Additions are
# fine. And changes that break programs are found: some are made, in a copy.
#
#     abi.sh LIBRARIES            compares
#     abi.sh LIBRARIES baseline   describes what is built, instead
cd "$(dirname "$0")/../.." || exit 1
libraries=$1
objects=$(dirname "$libraries")/obj/runtime/src
known=runtime/package/abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

mkdir "$work/include"
cp runtime/include/edgebind/*.h generated/include/edgebind/*.h "$work/include"

describe() { # LIBRARY FILE: what programs see of it
    abidw --no-show-locs --no-corpus-path --no-comp-dir-path --type-id-style hash --drop-private-types \
        --headers-dir "$work/include" --out-file "$2" "$1"
}

if [ "${2-}" = baseline ]; then
    mkdir -p $known
    rm -f $known/*.abi
    for library in "$libraries"/*.so; do
        describe "$library" "$known/$(basename "$library" .so).abi" || exit 1
    done
    exit 0
fi

result() { # STATUS WHAT
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $2"
        head -n 60 "$work/log"
    fi
}

compare() { # NAME LIBRARY: 0 when nothing but additions
    describe "$2" "$work/now.abi" && abidiff --no-added-syms "$known/$1.abi" "$work/now.abi" >"$work/log" 2>&1
}

for library in "$libraries"/*.so; do
    name=$(basename "$library" .so)
    compare "$name" "$library"
    result $? "$name is not what it was; see runtime/package/ABI.md"
done
for description in $known/*.abi; do
    [ -e "$libraries/$(basename "$description" .abi).so" ]
    result $? "$description: the library is no longer built"
done

# ---- What breaks programs is found --------------------------------------------------------------------------------

link() { # FILE MAP OBJECTS...
    file=$1 map=$2
    shift 2
    gcc -shared -g -o "$work/$file" -Wl,-soname,libedgebind.so.0.1 -Wl,--version-script="$map" "$@" \
        -lcurl -lcrypto -lcjson -lm
}

echo '{ global: eb_[!_v]*; eb_v[!e]*; local: *; };' >"$work/less.map"
link less.so "$work/less.map" "$objects"/*.o
compare libedgebind "$work/less.so"
[ $? -ge 4 ] && grep -q 'eb_version' "$work/log"
result $? 'a function that is no longer exported is found'

printf '#include "edgebind/status.h"\nint eb_more(void);\nint eb_more(void) { return EB_OK; }\n' >"$work/more.c"
gcc -g -fPIC -Iruntime/include -c -o "$work/more.o" "$work/more.c"
link more.so runtime/package/exports.map "$objects"/*.o "$work/more.o"
compare libedgebind "$work/more.so"
result $? 'a new function is accepted'

cp -r runtime "$work/runtime"
sed -i 's/^typedef struct eb_response {/&\n    int inserted;/' "$work/runtime/include/edgebind/response.h"
link moved.so runtime/package/exports.map -std=c11 -D_POSIX_C_SOURCE=200809L -fPIC -I"$work/runtime/include" \
    "$work"/runtime/src/*.c
compare libedgebind "$work/moved.so"
[ $? -ge 4 ] && grep -q 'eb_response' "$work/log"
result $? 'members that move are found'

echo "$passed passed, $failed failed"
[ $failed = 0 ]

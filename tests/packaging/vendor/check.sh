#!/bin/sh
# Vendored copies: they compile by themselves and without a warning, show no name without their prefix, live in one
# program with another copy, and do what the library does, over the scripted transport and against the mock. The programs
# are those of the library under other names. Prints what a copy adds to a program. That copies for every small document
# do what they must is seen by golden.py --vendored, and that each part can be missing by parts.sh.
#
#     check.sh COMMAND...    COMMAND runs a program against the mock
cd "$(dirname "$0")/../../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings -Werror'
libraries='-lcurl -lcrypto -lm -pthread'
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

vendor() { # DIRECTORY ARGUMENTS...
    out=$work/$1
    shift
    try "vendor $*" .venv/bin/python -m edgebind vendor --out "$out" "$@"
}

renamed() { # PROGRAM PREFIX HEADER: the program as the vendored copy wants it
    upper=$(echo "$2" | tr a-z A-Z)
    sed -e '/#include "edgebind\/testing.h"/d' -e "s|#include \"edgebind/edgegap.h\"|#include \"$3\"|" \
        -e "s/\\bedgegap_/$2/g" -e "s/\\beb_/$2eb_/g" -e "s/\\bEB_/${upper}EB_/g" "$1"
}

one=app-version-update
five=app-version-update,app-version-list,app-version-create,application-create,application-delete

vendor one --api edgegap --operations $one --prefix one_
vendor acme --api edgegap --operations $five --prefix acme_ --with-testing
vendor zeta --api edgegap --prefix zeta_
vendor dcdn --api dcdn --operations UploadRoutineCode --prefix up_ --name upload --system-cjson
vendor plain --api sae

vendor oauth --catalog tests/golden/security/catalog.yaml --api sec --prefix oauth_
vendor events --catalog tests/golden/events/catalog.yaml --api ev --prefix events_
vendor unions --catalog tests/golden/unions/catalog.yaml --api un --prefix unions_

for copy in one acme zeta dcdn plain oauth events unions; do
    try "edgebind verify $copy" .venv/bin/python -m edgebind verify "$work/$copy"
done

# ---- Compiling ----------------------------------------------------------------------------------------------

for copy in one/one acme/acme zeta/zeta dcdn/upload plain/sae oauth/oauth events/events unions/unions; do
    try "$copy.c: gcc" gcc -std=c11 -Os $warnings -c -o "$work/$copy.o" "$work/$copy.c"
    try "$copy.c: clang" clang -std=c11 $warnings -fsyntax-only "$work/$copy.c"
    for language in 'gcc -x c -std=c99' 'clang -x c -std=c99' 'g++ -x c++ -std=c++17' 'clang++ -x c++ -std=c++17'; do
        case $language in *++*) flags=$(echo "$warnings" | sed 's/-Wstrict-prototypes//') ;; *) flags=$warnings ;; esac
        try "$copy.h: $language" sh -c "printf '#include \"%s\"\n' '$work/$copy.h' '$work/$copy.h' |
            $language $flags -fsyntax-only -"
    done
done

try 'one.c: cc -c' sh -c "cd '$work/one' && cc -c one.c -o /dev/null"
try 'zeta.c: gcc -O2' gcc -std=c11 -O2 $warnings -c -o /dev/null "$work/zeta/zeta.c"

names() { # COPY PATTERN: every global name begins so
    nm --defined-only --extern-only --format=posix "$work/$1.o" | awk '{ print $1 }' >"$work/names"
    [ -s "$work/names" ] && ! grep -vE "^$2" "$work/names" >"$work/log"
    result $? "$1: names without the prefix"
    ! grep -E '^([a-z_]*_)?eb__' "$work/names" >"$work/log"
    result $? "$1: internal names are static"
}
names one/one one_
names acme/acme acme_
names zeta/zeta zeta_
names dcdn/upload up_
names plain/sae '(sae|eb)_'
names oauth/oauth oauth_
names events/events events_
names unions/unions unions_

# ---- Running ------------------------------------------------------------------------------------------------

renamed tests/packaging/consumer.c acme_ acme.h >"$work/acme/consumer.c"
renamed tests/examples/first.c acme_ acme.h >"$work/acme/first.c"
for program in consumer first; do
    try "$program builds with a copy" sh -c "cd '$work/acme' && cc -std=c11 $warnings -o $program $program.c acme.o $libraries"
done
try 'consumer, scripted' "$work/acme/consumer"
try 'first, against the mock' "$@" "$work/acme/first"
for compiler in gcc clang; do
    try "two copies in one program: $compiler" sh -c "$compiler -std=c11 $warnings -I'$work/acme' -I'$work/zeta' \
        -o '$work/two' tests/packaging/vendor/two.c '$work/acme/acme.o' '$work/zeta/zeta.o' $libraries"
    try 'two copies in one program' "$work/two"
done

# ---- Sizes: object files, -Os, without debugging information ------------------------------------------------------

# What the code of one JSON operation with an API key may grow to, and of all: a sixth more than it is.
row() { # OPERATIONS COPY MOST
    size -A "$work/$2.o" >"$work/log"
    awk -v what="$1" -v lines="$(cat "$work/$2.c" "$work/$2.h" | wc -l)" -v most="$3" '
        /^\.text/ { code += $2 } /^\.rodata/ { constants += $2 } /^\.eh_frame/ { unwinding += $2 }
        /^\.data/ { data += $2 }
        END { printf "%-12s %7d %9d %9d %9d %9d\n", what, lines, code, constants, unwinding, data
              exit code + constants > most }' "$work/log"
    result $? "$2: code and constants exceed $3 bytes"
}
printf '%-12s %7s %9s %9s %9s %9s\n' operations lines code constants unwinding data
vendor five --api edgegap --operations $five --prefix five_
try 'five.c' gcc -std=c11 -Os -c -o "$work/five/five.o" "$work/five/five.c"
row "1" one/one 110000
row "5" five/five 118000
row "all, 24" zeta/zeta 125000

echo "$passed passed, $failed failed"
[ $failed = 0 ]

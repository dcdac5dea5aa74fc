#!/bin/sh
# Parts of the runtime switched off: all sources compile without a warning, and a program does what it does with them.
#
#     parts.sh all     all parts at once
#     parts.sh each    one after the other
cd "$(dirname "$0")/../../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings -Werror'
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -Iruntime/include $warnings"
parts=$(sed -n 's/^#define \(EB_PART_[A-Z0-9_]*\) .*/\1/p' runtime/include/edgebind/parts.h)
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

without() { # PARTS
    off=$(for part in $1; do printf -- '-D%s=0 ' "$part"; done)
    rm -f "$work"/*.o
    try "clang, without $1" clang $flags $off -fsyntax-only runtime/src/*.c
    try "gcc, without $1" sh -c "cd '$work' && ln -sfn '$PWD/runtime' runtime && gcc $flags $off -I'$work/made/include' \
        -c runtime/src/*.c made/src/*.c '$PWD/tests/packaging/vendor/one.c'"
    try "a program, without $1" sh -c "gcc -o '$work/one' '$work'/*.o -lcurl -lcrypto -lcjson -lm -pthread && '$work/one'"
}

cp spec/edgegap.yaml "$work"
try 'one operation' .venv/bin/python -m edgebind generate "$work/edgegap.yaml" --prefix edgegap_ \
    --operations app-version-update --out "$work/made"
case $1 in
each) for part in $parts; do without "$part"; done ;;
*) without "$(echo $parts)" ;;
esac
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

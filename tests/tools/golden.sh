#!/bin/sh
# What the generator makes of the small documents in tests/golden/ compiles without a warning, with gcc and clang.
cd "$(dirname "$0")/../.." || exit 1

warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings -Werror'
passed=0
failed=0

for source in $(find tests/golden -name '*.c' | sort); do
    includes=$(find "$(echo "$source" | cut -d/ -f1-3)" -type d -name include | sed 's/^/-I/')
    for compiler in gcc clang; do
        # shellcheck disable=SC2086 # flags are words
        if $compiler -std=c11 $warnings -Iruntime/include $includes -fsyntax-only "$source"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "failed: $source: $compiler"
        fi
    done
done

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]

#!/bin/sh
# Public headers stand alone: each compiles by itself, and twice in a row, as C99, C11 and C++17, with gcc and
# clang and without a warning; so do all of them together. None shows a type of libcurl or OpenSSL, and only
# edgebind/cjson.h one of cJSON.
cd "$(dirname "$0")/../.." || exit 1

warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wwrite-strings -Werror'
c_only='-Wstrict-prototypes'
includes='-Iruntime/include -Igenerated/include'
passed=0
failed=0

result() { # STATUS WHAT
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $2"
    fi
}

compile() { # WHAT HEADER...: a file that includes these
    what=$1
    shift
    source=$(printf '#include <%s>\n' "$@"; echo 'int main(void);') # a header may hold nothing but macros
    for compiler in 'gcc -x c -std=c99' 'gcc -x c -std=c11' 'clang -x c -std=c99' 'clang -x c -std=c11' \
        'g++ -x c++ -std=c++17' 'clang++ -x c++ -std=c++17'; do
        case $compiler in *++*) extra= ;; *) extra=$c_only ;; esac
        # shellcheck disable=SC2086 # flags are words
        printf '%s\n' "$source" | $compiler $warnings $extra $includes -fsyntax-only -
        result $? "$what: $compiler"
    done
}

headers=$(find runtime/include generated/include -name '*.h' | sed 's|.*/include/||' | sort)
[ -n "$headers" ] || { echo 'no public header'; exit 1; }

for header in $headers; do
    compile "$header" "$header" "$header"

    case $header in
    edgebind/cjson.h) foreign='curl/|openssl/' ;;
    *) foreign='curl/|openssl/|cjson/|cJSON\.h' ;;
    esac
    ! cat "runtime/include/$header" "generated/include/$header" 2>/dev/null |
        grep -nE "^[[:space:]]*#[[:space:]]*include.*($foreign)"
    result $? "$header shows another library's header"
done

# shellcheck disable=SC2086 # one word per header
compile 'all headers together' $headers $headers

echo "$passed passed, $failed failed"
[ $failed = 0 ]

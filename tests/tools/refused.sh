#!/bin/sh
# Functions we do not call, and allocation outside memory.c. A name in a comment or a string is fine.
cd "$(dirname "$0")/../.." || exit 1

never='sprintf|vsprintf|strcpy|strcat|strtok|atoi|atol|atof|gmtime|localtime|setlocale|gets'
alloc='malloc|calloc|realloc|free|strdup|strndup'
allocating='runtime/(src|cli)/memory\.c'

code() { # the code of a file as file:line:text, without comments and strings
    awk -v file="$1" '
        {
            line = $0
            gsub(/\\./, "", line)
            gsub(/"[^"]*"/, "\"\"", line)
            while (1) {
                if (inside) {
                    if (!(end = index(line, "*/"))) { line = ""; break }
                    line = substr(line, end + 2); inside = 0
                }
                if (!(begin = index(line, "/*"))) break
                rest = substr(line, begin + 2)
                if ((end = index(rest, "*/"))) line = substr(line, 1, begin - 1) " " substr(rest, end + 2)
                else { line = substr(line, 1, begin - 1); inside = 1; break }
            }
            sub(/\/\/.*/, "", line)
            print file ":" FNR ": " line
        }' "$1"
}

calls() { # PATTERN: calls of these functions, or uses of their address; members of the same name are fine
    grep -E "(^|[^A-Za-z0-9_.>*])($1)[[:space:]]*[(,;)]"
}

bad=0
for file in runtime/src/*.[ch] generated/src/*.c runtime/include/edgebind/*.h generated/include/edgebind/*.h \
    runtime/cli/*.[ch] tests/examples/*.c; do
    [ -e "$file" ] || continue
    if code "$file" | calls "$never"; then bad=1; fi
    case $file in tests/examples/*) continue ;; esac
    echo "$file" | grep -qE "^($allocating)$" && continue
    if code "$file" | calls "$alloc"; then bad=1; fi
done
[ $bad = 0 ] || echo 'refused: see above' >&2
exit $bad

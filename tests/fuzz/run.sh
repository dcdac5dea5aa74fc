#!/bin/sh
# Runs each fuzzer named for so many seconds, two at a time, from its corpus: run.sh SECONDS DIRECTORY FUZZER...
# What it learns and what breaks it goes below the directory. One line per fuzzer; fails when one found something.
set -u
seconds=$1 found=$2
shift 2
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1

number() { sed -n "s/^.*$1[: ]*\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1; }

fuzz() { # one of them; its line goes into its .line
    name=${1##*/fuzz-}
    log=$found/$name.log
    mkdir -p "$found/$name"
    "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/$name-" "$found/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1 </dev/null
    status=$?
    {
        printf '%-8s %12s executions, %5s edges covered, ' "$name" "$(number number_of_executed_units "$log")" \
            "$(number ' cov' "$log")"
        if [ $status = 0 ]; then
            echo "nothing found in $seconds s"
        else
            echo "FOUND $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
            grep -aE 'broken:|ERROR:|runtime error:' "$log" | head -n 5 | sed 's/^/    /'
        fi
    } >"$found/$name.line"
}

good=0 bad=0
report() { # the line of each
    for fuzzer in "$@"; do
        line=$found/${fuzzer##*/fuzz-}.line
        cat "$line"
        if grep -q 'nothing found in' "$line"; then good=$((good + 1)); else bad=$((bad + 1)); fi
    done
}

mkdir -p "$found"
rm -f "$found"/*.line
while [ $# -gt 1 ]; do
    fuzz "$1" &
    fuzz "$2"
    wait
    report "$1" "$2"
    shift 2
done
[ $# = 0 ] || { fuzz "$1" && report "$1"; }
echo "$good passed, $bad failed"
[ $bad = 0 ]

#!/bin/sh
# Runs each fuzzer named for so many seconds, from its corpus: run.sh SECONDS DIRECTORY FUZZER... What it learns
# and what breaks it goes below the directory. One line per fuzzer; fails when one of them found something.
set -u
seconds=$1 found=$2
shift 2
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1

number() { sed -n "s/^.*$1[: ]*\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1; }

good=0 bad=0
for fuzzer in "$@"; do
    name=${fuzzer##*/fuzz-}
    log=$found/$name.log
    mkdir -p "$found/$name"
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/$name-" "$found/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1 </dev/null
    status=$?
    printf '%-8s %12s executions, %5s edges covered, ' "$name" "$(number number_of_executed_units "$log")" \
        "$(number ' cov' "$log")"
    if [ $status = 0 ]; then
        good=$((good + 1))
        echo "nothing found in $seconds s"
    else
        bad=$((bad + 1))
        echo "FOUND $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
        grep -aE 'broken:|ERROR:|runtime error:' "$log" | head -n 5 | sed 's/^/    /'
    fi
done
echo "$good passed, $bad failed"
[ $bad = 0 ]

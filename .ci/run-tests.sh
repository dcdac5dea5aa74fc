#!/bin/sh
# Runs each test program named, all of them whatever happens, and fails when one did. $RUNNER goes in front
# (valgrind, say). Under the sanitizers Check runs its tests in one process, so that leaks are seen.
[ $# -gt 0 ] || { echo 'no test program' >&2; exit 1; }

export CK_FORK=no
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
unset EDGEGAP_TOKEN ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIBABA_CLOUD_SECURITY_TOKEN

# The thread sanitizer of gcc 12 does not know the address layout of newer kernels.
case $1 in
*/tsan/*) RUNNER="setarch $(uname -m) -R ${RUNNER-}" ;;
esac

failed=
for program in "$@"; do
    # shellcheck disable=SC2086 # the runner is words
    timeout "${TEST_SECONDS:-300}" ${RUNNER-} "$program" </dev/null
    status=$?
    [ $status = 0 ] || failed="$failed $program ($status)"
done
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }

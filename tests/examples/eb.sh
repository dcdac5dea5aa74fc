#!/bin/sh
# The command-line tool in a few lines, against the mock: eb.sh PATH_OF_EB. Every step has to work.
set -eu
tool=$1
XDG_CONFIG_HOME=/nonexistent
export XDG_CONFIG_HOME

eb() { # what was typed, and what it showed
    echo "\$ eb $*"
    "$tool" --base-url "$EDGEBIND_MOCK_URL" "$@"
}

echo
echo 'The same from a shell'
eb edgegap application-create --name shooter --is-active true --image AAAA -q name
for tag in 1.4.0 1.4.1; do
    eb edgegap app-version-create --app-name shooter --name "$tag" --docker-repository docker.io \
        --docker-image studio/shooter --docker-tag "$tag" --req-cpu 512 --req-memory 1024 -q version.name
done
eb edgegap app-version-list --app-name shooter --output table --columns name,docker_tag,req_cpu,force_cache
eb edgegap app-version-get --app-name shooter --version-nam 1.4.0 && exit 1 || [ $? = 2 ]
eb edgegap app-version-get --app-name shooter --version-name 9 && exit 1 || [ $? = 8 ]

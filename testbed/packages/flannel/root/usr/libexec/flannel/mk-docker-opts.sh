#!/bin/sh
# Turns flannel's subnet.env into docker's options, written as flannel 0.7.1's script of this name writes them.
#   -f FILE  flannel's environment (/run/flannel/subnet.env)
#   -d FILE  where docker's options go (/run/docker_opts.env)
#   -k NAME  the variable with all of them (DOCKER_OPTS)
set -eu

flannel=/run/flannel/subnet.env
docker=/run/docker_opts.env
name=DOCKER_OPTS
while getopts f:d:k: option; do
  case $option in
    f) flannel=$OPTARG ;;
    d) docker=$OPTARG ;;
    k) name=$OPTARG ;;
    *) echo "usage: $0 [-f FLANNEL-ENV-FILE] [-d DOCKER-ENV-FILE] [-k NAME]" >&2 && exit 1 ;;
  esac
done

# shellcheck source=/dev/null
[ -f "$flannel" ] && . "$flannel"

all=
options=
add() {
  options="${options}DOCKER_OPT_$1=\"$2\"
"
  all="$all $2"
}

[ -n "${FLANNEL_SUBNET:-}" ] && add BIP "--bip=$FLANNEL_SUBNET"
# Only one of the two masquerades: docker, unless flannel does.
case ${FLANNEL_IPMASQ:-} in
  true) add IPMASQ --ip-masq=false ;;
  false) add IPMASQ --ip-masq=true ;;
esac
[ -n "${FLANNEL_MTU:-}" ] && add MTU "--mtu=$FLANNEL_MTU"

mkdir -p "$(dirname "$docker")"
printf '%s%s="%s"\n' "$options" "$name" "$all" >"$docker"

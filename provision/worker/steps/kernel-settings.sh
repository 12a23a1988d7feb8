#!/bin/sh
# Brings the running kernel in line with files that are otherwise read at boot.
set -eu
if [ ! -d /proc/sys/net/bridge ]; then
  modprobe br_netfilter
  echo "changed: module br_netfilter loaded"
fi
while read -r name _ value; do
  if [ "$(sysctl -n "$name")" != "$value" ]; then
    sysctl -q -w "$name=$value"
    echo "changed: $name is $value"
  fi
done </etc/sysctl.d/90-kubernetes.conf

#!/bin/sh
# Stops and masks firewalld: a reload of it would bring back rules that drop what kube-proxy and docker let through.
set -eu
if [ "$(systemctl show -p LoadState firewalld.service)" != LoadState=masked ]; then
  systemctl stop firewalld.service 2>/dev/null || true # it may be absent
  systemctl --quiet mask firewalld.service
  echo "changed: firewalld stopped and masked"
fi

#!/bin/sh
# Makes the key that signs service-account tokens, once; it never leaves the machine.
set -eu
key=/etc/kubernetes/serviceaccount.key
if [ -s "$key" ]; then was=there; else was=missing; fi
echo "declares: $key (was $was)"
if [ ! -s "$key" ]; then
  umask 077
  openssl genrsa -out "$key.new" 2048 2>/dev/null
  mv -f "$key.new" "$key"
  echo "changed: $key made"
fi
if [ "$(stat -c '%a %U:%G' "$key")" != '640 root:kube' ]; then
  chown root:kube "$key"
  chmod 0640 "$key"
  echo "changed: $key readable by kube"
fi

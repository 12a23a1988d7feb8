#!/bin/sh
# Brings the running kernel in line with files that are otherwise read at boot.
set -eu
modules=/etc/modules-load.d/kubernetes.conf
settings=/etc/sysctl.d/90-kubernetes.conf

# The file's lines without comments; none where the file is not there.
lines() { if [ -e "$1" ]; then sed -e '/^[[:space:]]*[#;]/d' -e '/^[[:space:]]*$/d' "$1"; fi; }

for module in $(lines "$modules"); do
  if modprobe -q --first-time "$module"; then
    echo "declares: module $module (was missing)"
    echo "changed: module $module loaded"
  else
    modprobe "$module"
    echo "declares: module $module (was there)"
  fi
done

lines "$settings" | while IFS='= ' read -r name value; do
  # At boot, what the kernel does not know is passed over with a word, too.
  if ! was=$(sysctl -n "$name"); then
    echo "note: the kernel has no $name"
    continue
  fi
  echo "declares: $name (was $was)"
  if [ "$was" != "$value" ]; then
    if sysctl -q -w "$name=$value"; then
      echo "changed: $name is $value"
    else
      echo "note: $name cannot be $value"
    fi
  fi
done

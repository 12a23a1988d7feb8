#!/bin/sh
# Removes the key, unless it was there before.
set -eu
if [ "$2" = missing ]; then rm -f "$1"; fi

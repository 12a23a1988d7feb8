#!/bin/sh
# Gives the running kernel back what it had: $1 is a module or a sysctl, $2 what it was.
set -eu
case $1 in
module\ *) if [ "$2" = missing ]; then modprobe -r "${1#module }"; fi ;;
*) sysctl -q -w "$1=$2" ;;
esac

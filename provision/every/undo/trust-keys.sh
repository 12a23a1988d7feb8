#!/bin/sh
# Takes a key out of rpm again that it did not know before. rpm calls a key by the last 8 digits of its fingerprint.
set -eu
if [ "$2" = trusted ]; then exit; fi
fingerprint=$(printf %s "$1" | tr -dc '0-9A-F')
rpm -e "gpg-pubkey-$(printf %s "$fingerprint" | tail -c 8 | tr A-F a-f)"

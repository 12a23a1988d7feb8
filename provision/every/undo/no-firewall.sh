#!/bin/sh
# Lets firewalld be what it was: masked, active or inactive.
set -eu
if [ "$2" != masked ]; then systemctl --quiet unmask firewalld.service; fi
if [ "$2" = active ]; then systemctl start firewalld.service; fi

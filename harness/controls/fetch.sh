# Downloads the package $1 the way yum would to install it, and has rpm judge the file. Standard output is the file in
# base64, standard error is rpm's verdict, the exit code rpm's; with nothing on standard output there was no file, and
# standard error is what yum said. Leaves nothing behind.
set -u
export LC_ALL=C
folder=$(mktemp -d /var/tmp/hardway-controls-XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

yum -y install --downloadonly --downloaddir="$folder" "$1" </dev/null >"$folder/log" 2>&1
file=$(find "$folder" -name "$1-*.rpm" | head -n 1)
if [ -z "$file" ]; then
  cat "$folder/log" >&2
  exit 1
fi
rpm -K "$file" >&2
code=$?
base64 "$file"
exit "$code"

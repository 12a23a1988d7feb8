# Offers what must be refused, and shows what yum makes of it. Standard input is a tar archive with a repository in
# each of unsigned/, foreign/ and tampered/, and a package in damaged/. Leaves nothing behind.
#   $1  what starts each line of ours on standard output
#   $2  the genuine package, of which tampered/ and damaged/ have spoilt copies
#   $3  where this machine keeps the keys it trusts: file URLs
# After a line `$1 KIND PACKAGE CODE` comes what was said; after `$1 has` come the keys that are imported and the
# packages, of those offered here, that are installed.
set -u
export LC_ALL=C
mark=$1 genuine=$2 keys=$3
folder=$(mktemp -d /var/tmp/hardway-controls-XXXXXX) || exit 1
definitions=/etc/yum.repos.d/hardway-controls.repo

clean_up() {
  # What was let in after all goes out again.
  [ ! -e "$folder/after" ] || comm -13 "$folder/before" "$folder/after" | xargs -r rpm -e --nodeps
  rm -rf "$folder" "$definitions"
  for state in /var/cache/yum /var/cache/dnf /var/lib/yum /var/lib/dnf; do
    [ ! -d "$state" ] || find "$state" -name 'hardway-control-*' -prune -exec rm -rf {} +
  done
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

tar -xf - -C "$folder" || exit 1
# Their metadata is nobody's: it is the packages that must be refused.
for kind in unsigned foreign tampered; do
  cat <<END
[hardway-control-$kind]
name=what must be refused: $kind
baseurl=file://$folder/$kind
gpgkey=$keys
gpgcheck=1
repo_gpgcheck=0
enabled=0

END
done >"$definitions" || exit 1

has() {
  rpm -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' gpg-pubkey 'hardway-control-*' "$genuine" | sort >"$folder/$1"
  echo "$mark has"
  cat "$folder/$1"
}

# What dnf and yum keep of a repository stays in our folder.
offer() {
  yum -y --disablerepo='*' --enablerepo="hardway-control-$1" --setopt=cachedir="$folder/cache" install "$2" \
    </dev/null >"$folder/log" 2>&1
  echo "$mark $1 $2 $?"
  cat "$folder/log"
  has after
}

has before
offer unsigned hardway-control-unsigned
offer foreign hardway-control-foreign
offer tampered "$genuine"
rpm -K "$folder"/damaged/*.rpm >"$folder/log" 2>&1
echo "$mark damaged $genuine $?"
cat "$folder/log"

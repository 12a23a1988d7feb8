#!/bin/sh
# Turns Debian's bare root into the box's. mmdebstrap runs it with the root as $1, once the packages are installed.
#   KERNEL      the kernel's package file
#   PUBLIC_KEY  the key of the lab's packages, and KEY_PATH where machines keep it
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")

cp -r --no-preserve=ownership "$here/files/." "$root/"
chmod 0440 "$root/etc/sudoers.d/vagrant"

dpkg-deb --fsys-tarfile "$KERNEL" | tar -x -C "$root" --keep-directory-symlink --wildcards './lib/modules/*' './boot/vmlinuz*'
mv "$root"/boot/vmlinuz-* "$root/boot/vmlinuz"
chroot "$root" depmod "$(ls "$root/lib/modules")"

# yum is dnf here, and reads the file that CentOS 7's yum reads.
ln -s dnf-3 "$root/usr/bin/yum"
ln -sf ../yum.conf "$root/etc/dnf/dnf.conf"
mkdir -p "$root/etc/yum.repos.d" "$root/var/lib/rpm"
rm -rf "$root/root/.rpmdb"
install -D -m 0644 "$PUBLIC_KEY" "$root$KEY_PATH"

chroot "$root" sh -eu <<'CHROOT'
rpmdb --initdb
useradd --create-home --shell /bin/bash --password '*' vagrant
# Vagrant's well-known insecure key: it knows no other before it has been in.
install -d -m 0700 -o vagrant -g vagrant /home/vagrant/.ssh
cat > /home/vagrant/.ssh/authorized_keys <<'KEYS'
ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key
KEYS
chown vagrant:vagrant /home/vagrant/.ssh/authorized_keys
chmod 0600 /home/vagrant/.ssh/authorized_keys

# iptables as CentOS 7 has it, not its nftables namesake.
update-alternatives --set iptables /usr/sbin/iptables-legacy
update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy

systemctl enable management.service ssh.service
systemctl set-default multi-user.target
# What nobody here waits for, but an emulated boot does: a third of its time is left without these.
mkdir -p /etc/systemd/system-generators
for generator in /usr/lib/systemd/system-generators/*; do
  ln -s /dev/null "/etc/systemd/system-generators/${generator##*/}"
done
systemctl mask \
  dev-hugepages.mount dev-mqueue.mount proc-sys-fs-binfmt_misc.automount \
  sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  dpkg-db-backup.timer fstrim.timer systemd-tmpfiles-clean.timer \
  getty.target getty@tty1.service systemd-logind.service systemd-networkd.socket remote-fs.target \
  kmod-static-nodes.service modprobe@.service systemd-modules-load.service systemd-tmpfiles-setup-dev.service \
  systemd-binfmt.service systemd-hwdb-update.service systemd-pstore.service systemd-random-seed.service \
  systemd-remount-fs.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-journal-catalog-update.service systemd-journal-flush.service systemd-journald-audit.socket
CHROOT

# The name comes from the kernel command line, the rest of the identity at boot. An empty machine-id is not a first boot.
rm -f "$root/etc/hostname"
: > "$root/etc/machine-id"
touch "$root/etc/.updated" "$root/var/.updated"
rm -rf "$root"/var/log/*.log "$root/var/log/apt"

# Brings a provisioned machine back to before its first start: nothing runs, and what daemons remember is gone.
# Packages, images, files and the service-account key stay.
set -u
for unit in kube-proxy kubelet kube-scheduler kube-controller-manager kube-apiserver; do
  systemctl stop "$unit.service" 2>/dev/null
done
if command -v docker >/dev/null && systemctl -q is-active docker.service; then
  docker ps -aq | xargs -r docker rm -f >/dev/null
fi
systemctl stop docker.service flanneld.service etcd.service 2>/dev/null
for path in /sys/class/net/flannel.*; do
  if [ -e "$path" ]; then ip link del "${path##*/}"; fi
done
ip link show docker0 >/dev/null 2>&1 && ip link del docker0
rm -rf /var/lib/etcd/default.etcd /run/flannel/subnet.env /run/flannel/docker /var/lib/docker/network/files
rm -rf /var/lib/kubelet/pods/*
systemctl reset-failed
iptables -t nat -F
iptables -F
iptables -P FORWARD ACCEPT
# The words of this start must not be taken for the next one's. Systemd 219 has no `journalctl --rotate`: its signal
# rotates there and later, and then the words are in archived files, which journald has closed.
archived() { find /run/log/journal /var/log/journal -name '*@*.journal' 2>/dev/null | sort; }
before=$(archived)
systemctl kill --kill-who=main --signal=SIGUSR2 systemd-journald.service || exit
until [ "$(archived)" != "$before" ]; do sleep 0.1; done
archived | xargs -r rm -f

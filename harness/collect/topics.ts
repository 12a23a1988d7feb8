/**
 * What is kept of each machine when a run is not green: a file per topic, and the POSIX shell that fills it. Nothing
 * here reads a private key, a token or a secret: a report can be attached to a public issue.
 */
export const topics: Record<string, string> = {
  "journal.txt": "journalctl -b --no-pager -o short-precise | tail -n 20000",
  "units.txt": [
    "systemctl list-units --all --no-pager",
    "systemctl --failed --no-pager",
    "for unit in etcd kube-apiserver kube-controller-manager kube-scheduler flanneld docker kubelet kube-proxy; do",
    '  echo; echo "# $unit"; systemctl show -p LoadState,UnitFileState,ActiveState,SubState,Result,ExecMainStatus "$unit"',
    '  systemctl cat "$unit" 2>/dev/null; done',
  ].join("\n"),
  "listeners.txt": "ss -lntup",
  "network.txt": "ip -d addr; echo; ip route; echo; ip neigh; echo; bridge fdb show; echo; cat /etc/hosts",
  "iptables.txt": "iptables-save",
  "docker.txt": "docker info; docker ps -a; docker images; cat /run/flannel/subnet.env /run/flannel/docker",
  "packages.txt": "rpm -qa --qf '%{NEVRA} %{VENDOR}\\n' | sort; cat /etc/yum.conf /etc/yum.repos.d/*.repo",
  "processes.txt": "ps -eo pid,user,lstart,stat,rss,args; free -m; df -h; dmesg | tail -n 100",
  "etcd.txt": [
    "command -v etcdctl >/dev/null || exit 0",
    "export ETCDCTL_API=2",
    "etcdctl cluster-health; etcdctl member list; etcdctl ls --recursive /",
    'for key in $(etcdctl ls --recursive /atomic.io 2>/dev/null); do echo "# $key"; etcdctl get "$key" 2>/dev/null; done',
  ].join("\n"),
  "kubernetes.txt": [
    "command -v kubectl >/dev/null || exit 0",
    "kubectl get nodes,componentstatuses,namespaces,serviceaccounts -o wide",
    "kubectl get pods,services,endpoints,deployments,replicasets -o wide",
    "kubectl get events; kubectl get nodes -o yaml",
  ].join("\n"),
};

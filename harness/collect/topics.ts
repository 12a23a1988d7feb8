import { dockerBridge } from "../lab/names.ts";
import { defaultPorts, fixedPorts } from "../lab/ports.ts";

interface Topic {
  /** What it tells, for the bundle's index. */
  what: string;
  /** POSIX shell that means the same on CentOS 7 and on the embedded lab's Debian, and changes nothing. */
  script: string;
}

const units =
  "etcd kube-apiserver kube-controller-manager kube-scheduler flanneld docker kubelet kube-proxy firewalld";

const local = (port: number): string => `http://127.0.0.1:${port}`;

/** Where this machine finds etcd and the API server, by its own settings; on the master they may be broken too. */
const master = [
  'setting() { sed -n "s/^$2=[\\"\']\\{0,1\\}\\([^\\"\']*\\).*/\\1/p" "$1" 2>/dev/null | tail -n 1; }',
  "api=$(setting /etc/kubernetes/config KUBE_MASTER); api=${api#--master=}; api=${api:-" +
    local(defaultPorts.apiserver.insecure) +
    "}",
  "etcd=$(setting /etc/sysconfig/flanneld FLANNEL_ETCD_ENDPOINTS); etcd=${etcd%%,*}; etcd=${etcd:-" +
    local(defaultPorts.etcd.client) +
    "}",
  "prefix=$(setting /etc/sysconfig/flanneld FLANNEL_ETCD_PREFIX)",
  'get() { echo; echo "# GET $1"; curl -sS --noproxy \'*\' -A hardway-e2e --max-time 10 "$1"; echo; }',
];

/** Prints what is run before it runs it. */
const told = 'run() { echo; echo "# $*"; timeout 30 "$@" 2>&1; }';

/** No translations, and root's programs on the path. */
const preamble = "export LC_ALL=C TZ=UTC PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const script = (...lines: string[]): string => [preamble, ...lines].join("\n");

/** The topic that SELinux's denials are read from. */
export const auditTopic = "audit.txt";

/**
 * What is kept of each machine when a run is not green: a file per topic. No private key, no token and no value of a
 * secret is asked for; what gets in all the same, `redact` takes out again.
 */
export const topics: Record<string, Topic> = {
  "journal.txt": {
    what: "the journal since boot, kernel included; its last 20000 lines",
    script: script("journalctl -b --no-pager -o short-precise -n 20000"),
  },
  // RHEL 7's journald does not read audit events, auditd's log has them; where no auditd runs, the kernel's has.
  [auditTopic]: {
    what: "what SELinux denied since boot; nothing where there is no audit",
    script: script(
      // Without --input-logs ausearch reads standard input, which is no terminal here.
      "if command -v ausearch >/dev/null; then",
      "  timeout 30 ausearch --input-logs -m avc,user_avc,selinux_err -ts boot 2>/dev/null",
      "elif ls /var/log/audit/audit.log* >/dev/null 2>&1; then",
      "  grep -hE '^type=(AVC|USER_AVC|SELINUX_ERR) ' /var/log/audit/audit.log*",
      "fi",
      "journalctl -b -k -o cat --no-pager 2>/dev/null | grep 'avc:  denied'",
      "true",
    ),
  },
  "units.txt": {
    what: "systemd's units, and of the cluster's daemons the state and unit files",
    script: script(
      told,
      "run systemctl list-units --all --no-pager --full",
      "run systemctl --failed --no-pager --full",
      `for unit in ${units}; do`,
      '  echo; echo "# $unit"',
      "  systemctl show -p LoadState -p UnitFileState -p ActiveState -p SubState -p Result -p ExecMainStatus \\",
      '    -p ExecMainStartTimestamp -p ExecMainExitTimestamp -p MainPID "$unit.service"',
      '  systemctl cat "$unit.service" 2>/dev/null',
      "done",
    ),
  },
  "settings.txt": {
    what: "the daemons' settings as they are on the machine now",
    script: script(
      "for file in /etc/kubernetes/* /etc/etcd/etcd.conf /etc/sysconfig/flanneld /etc/sysconfig/docker* \\",
      "  /etc/docker/daemon.json /etc/sysctl.d/*.conf /etc/modules-load.d/*.conf /etc/hosts; do",
      '  case $file in *.key | *.pem | *kubeconfig) ls -l "$file"; continue ;; esac',
      '  [ -f "$file" ] && { echo; echo "# $file"; head -c 20000 "$file"; }',
      "done",
      "ls -lR /etc/kubernetes 2>/dev/null",
    ),
  },
  "listeners.txt": {
    what: "who listens where, and open connections",
    script: script(told, "run ss -lntup", "run ss -ntp"),
  },
  "network.txt": {
    what: "links, addresses, routes, neighbours, bridges' forwarding tables, kernel settings",
    script: script(
      told,
      "run ip -d addr",
      "run ip -s link",
      "run ip route show table all",
      "run ip rule",
      "run ip neigh",
      "run bridge fdb show",
      "run cat /etc/hosts /etc/resolv.conf",
      "run sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.bridge.bridge-nf-call-iptables",
    ),
  },
  "iptables.txt": {
    what: "every table's rules, with how often each was met",
    script: script(told, "run iptables-save -c"),
  },
  "docker.txt": {
    what: "docker's own account, containers, images, networks",
    script: script(
      "command -v docker >/dev/null || exit 0",
      told,
      "run docker version",
      "run docker info",
      "run docker ps -a --no-trunc",
      "run docker images --digests",
      "run docker network ls",
      "run docker network inspect $(timeout 30 docker network ls -q 2>/dev/null)",
    ),
  },
  "containers.txt": {
    what: "docker inspect of each container, and the last 50 lines each wrote",
    script: script(
      "command -v docker >/dev/null || exit 0",
      told,
      "for id in $(timeout 30 docker ps -aq 2>/dev/null); do",
      '  run docker inspect "$id"; run docker logs --timestamps --tail 50 "$id"',
      "done",
    ),
  },
  "flannel.txt": {
    what: "what flanneld wrote, its device with its routes and forwarding table, the leases as this machine sees them",
    script: script(
      told,
      ...master,
      "run cat /run/flannel/subnet.env",
      "run cat /run/flannel/docker",
      "for path in /sys/class/net/flannel.*; do",
      '  device=${path##*/}; [ -e "$path" ] || continue',
      '  run ip -d -s link show dev "$device"; run ip addr show dev "$device"; run ip route show dev "$device"',
      '  run ip neigh show dev "$device"; run bridge fdb show dev "$device"',
      "done",
      `run ip addr show dev ${dockerBridge}`,
      'get "$etcd/v2/keys${prefix:-/atomic.io/network}?recursive=true"',
    ),
  },
  "etcd.txt": {
    what: "etcd's health, members and keys; of kubernetes' secrets the names alone",
    script: script(
      "command -v etcd >/dev/null || exit 0",
      told,
      ...master,
      // Where it listens, not where it says it does: that may be what is wrong.
      "etcd=$(setting /etc/etcd/etcd.conf ETCD_LISTEN_CLIENT_URLS); etcd=${etcd%%,*}; etcd=${etcd:-" +
        local(defaultPorts.etcd.client) +
        "}",
      "export ETCDCTL_API=2",
      'run etcdctl --endpoints "$etcd" cluster-health',
      'run etcdctl --endpoints "$etcd" member list',
      'run etcdctl --endpoints "$etcd" ls --recursive --sort -p /',
      // One level at a time, so that secrets can be passed by: only their names are in the list above.
      `below() { curl -sS --noproxy '*' --max-time 10 "$etcd/v2/keys$1" 2>/dev/null |`,
      `  grep -o '"key":"[^"]*"' | cut -d '"' -f 4 | sort -u | grep -vx "$1"; }`,
      "for key in $(below /); do",
      '  [ "$key" = /registry ] || { get "$etcd/v2/keys$key?recursive=true"; continue; }',
      "  for kind in $(below /registry); do",
      '    [ "$kind" = /registry/secrets ] || get "$etcd/v2/keys$kind?recursive=true"',
      "  done",
      "done",
      'get "$etcd/v2/stats/store"',
    ),
  },
  "kubernetes.txt": {
    what: "nodes, pods, services and what belongs to them, as kubectl tells a person; events",
    script: script(
      "command -v kubectl >/dev/null || exit 0",
      told,
      ...master,
      'run kubectl -s "$api" version',
      'run kubectl -s "$api" get nodes -o wide',
      // The rest is the same wherever it is asked from.
      "command -v kube-apiserver >/dev/null || exit 0",
      'run kubectl -s "$api" get componentstatuses',
      "for kind in namespaces serviceaccounts secrets pods services endpoints deployments replicasets; do",
      '  run kubectl -s "$api" get "$kind" --all-namespaces -o wide',
      "done",
      "for kind in nodes pods services; do",
      '  run kubectl -s "$api" describe "$kind"',
      "done",
      'run kubectl -s "$api" get events',
    ),
  },
  "objects.txt": {
    what: "the API's objects and events, whole, in JSON; secrets are left out",
    script: script(
      "command -v kube-apiserver >/dev/null || exit 0",
      ...master,
      "for kind in nodes componentstatuses namespaces pods services endpoints serviceaccounts events; do",
      '  get "$api/api/v1/$kind"',
      "done",
      "for kind in deployments replicasets; do",
      '  get "$api/apis/extensions/v1beta1/$kind"',
      "done",
      'get "$api/healthz"',
      `get "${local(fixedPorts.scheduler)}/healthz"`,
      `get "${local(fixedPorts.controllerManager)}/healthz"`,
    ),
  },
  "packages.txt": {
    what: "installed packages with their vendors, and the repositories",
    script: script(
      "rpm -qa --qf '%{NEVRA} %{VENDOR}\\n' | sort",
      "for file in /etc/yum.conf /etc/yum.repos.d/*.repo; do",
      '  echo; echo "# $file"; cat "$file"',
      "done",
    ),
  },
  "system.txt": {
    what: "release, clock, processes, memory, disks, modules, SELinux, the kernel's last words",
    script: script(
      told,
      "run cat /etc/os-release",
      "run uname -a",
      "run date -u",
      "run uptime",
      "run ps -eo pid,ppid,user,lstart,stat,rss,args",
      "run free -m",
      "run df -h",
      "run lsmod",
      "command -v getenforce >/dev/null && run getenforce",
      "dmesg | tail -n 200",
    ),
  },
};

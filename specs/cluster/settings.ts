import { maskLength } from "../../harness/lab/addresses.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Agreement, ClusterSettings, Limit, Listener, Place } from "../../harness/settings/cluster.ts";
import { commandLineOf, lastGiven, missingAt } from "../../harness/settings/command-line.ts";
import type { Daemon, Setting, SettingProblem } from "../../harness/settings/setting.ts";
import { daemonsOf } from "./daemons.ts";
import { guestbookRules } from "./guestbook.ts";
import { objects } from "./objects.ts";
import { stock } from "./stock.ts";

const lab = (called: string, value: (lab: Lab) => string | number): Place => ({
  called,
  lab: (one) => String(value(one)),
});
const flag = (unit: string, ...flags: string[]): Place => ({ unit, flags });
/** Without --master, Kubernetes' clients ask their own machine. */
const master = (unit: string): Place => ({ unit, flags: ["master"], otherwise: "http://localhost:8080" });
const network = "/etc/hardway/flannel-network.json";

const agreements: readonly Agreement[] = [
  {
    what: "the services' addresses",
    ends: [
      lab("services", ({ services }) => services),
      flag("kube-apiserver", "service-cluster-ip-range", "portal-net"),
      flag("kube-controller-manager", "service-cluster-ip-range"),
    ],
  },
  {
    what: "flannel's network",
    ends: [
      lab("flannel.network", ({ flannel }) => flannel.network),
      { path: network, key: "Network" },
      flag("kube-controller-manager", "cluster-cidr"),
      flag("kube-proxy", "cluster-cidr"),
    ],
  },
  {
    what: "the length of a worker's subnet",
    ends: [lab("flannel.subnetLen", ({ flannel }) => flannel.subnetLen), { path: network, key: "SubnetLen" }],
  },
  {
    what: "flannel's backend",
    ends: [lab("flannel.backend", ({ flannel }) => flannel.backend), { path: network, key: "Backend.Type" }],
  },
  {
    what: "the number of flannel's vxlan",
    ends: [lab("flannel.vni", ({ flannel }) => flannel.vni), { path: network, key: "Backend.VNI" }],
  },
  {
    what: "flannel's prefix in etcd",
    ends: [
      lab("flannel.prefix", ({ flannel }) => flannel.prefix),
      flag("flanneld", "etcd-prefix"),
      { step: "step flannel-network", finds: /^key=(.+)\/config$/ },
      { step: "step stale-leases", finds: /^subnets=(.+)\/subnets$/ },
      { step: "await flannel-network", finds: /^key=(.+)\/config$/ },
    ],
  },
  {
    what: "the interface flannel uses",
    ends: [lab("flannel.interface", ({ flannel }) => flannel.interface), flag("flanneld", "iface")],
  },
  ...(
    [
      [
        "apiserver.insecure",
        "kube-apiserver",
        ["insecure-port", "port"],
        ({ apiserver }) => apiserver.insecure,
      ],
      ["apiserver.secure", "kube-apiserver", ["secure-port"], ({ apiserver }) => apiserver.secure],
      ["kubelet.secure", "kubelet", ["port"], ({ kubelet }) => kubelet.secure],
      ["kubelet.readOnly", "kubelet", ["read-only-port"], ({ kubelet }) => kubelet.readOnly],
      ["kubelet.cadvisor", "kubelet", ["cadvisor-port"], ({ kubelet }) => kubelet.cadvisor],
      ["kubelet.health", "kubelet", ["healthz-port"], ({ kubelet }) => kubelet.health],
      [
        "nodePorts",
        "kube-apiserver",
        ["service-node-port-range", "service-node-ports"],
        ({ nodePorts }) => `${nodePorts.first}-${nodePorts.last}`,
      ],
    ] satisfies [string, string, string[], (ports: Lab["ports"]) => number | string][]
  ).map(([path, unit, flags, port]): Agreement => ({
    what: `${unit}'s --${flags[0] ?? ""}`,
    ends: [lab(`ports.${path}`, ({ ports }) => port(ports)), flag(unit, ...flags)],
  })),
  {
    what: "the image that holds a pod's network",
    ends: [
      lab("images.pause", ({ images }) => images.pause.name),
      flag("kubelet", "pod-infra-container-image"),
    ],
  },
  {
    what: "the key of the service accounts",
    ends: [
      { step: "step service-account-key", finds: /^key=(\S+)$/ },
      flag("kube-apiserver", "service-account-key-file"),
      flag("kube-controller-manager", "service-account-private-key-file"),
    ],
  },
];

const url = /(https?:\/\/[^\s"']+:\d+)/;

const listeners: readonly Listener[] = [
  {
    what: "the API server",
    serves: {
      unit: "kube-apiserver",
      address: ["insecure-bind-address", "address"],
      port: ["insecure-port", "port"],
    },
    asks: [
      master("kube-controller-manager"),
      master("kube-scheduler"),
      flag("kubelet", "api-servers"),
      master("kube-proxy"),
    ],
  },
  {
    what: "etcd",
    serves: { unit: "etcd", urls: ["listen-client-urls"] },
    asks: [
      flag("kube-apiserver", "etcd-servers"),
      flag("flanneld", "etcd-endpoints"),
      flag("etcd", "advertise-client-urls"),
      { step: "step flannel-network", finds: url },
      { step: "step stale-leases", finds: url },
      { step: "await flannel-network", finds: url },
    ],
  },
];

/** kube-apiserver refuses a range of fewer than eight addresses (facts/kubernetes-1.5.2.md §e.12). */
const tooFew = (value: string): string | undefined =>
  /^[\d.]+\/\d+$/.test(value) && maskLength(value) > 29
    ? "a range of at least 8 addresses, such as 10.254.0.0/16"
    : undefined;

const noPort = (value: string): string | undefined =>
  /^\d+$/.test(value) && Number(value) > 65535 ? "a port, 0 to 65535" : undefined;

/** The plug-ins of kubernetes 1.5.2: an unknown one ends kube-apiserver (facts/kubernetes-1.5.2.md §e.12). */
const plugins =
  "AlwaysAdmit AlwaysDeny AlwaysPullImages DefaultStorageClass DenyEscalatingExec DenyExecOnPrivileged ImagePolicyWebhook InitialResources LimitPodHardAntiAffinityTopology LimitRanger NamespaceAutoProvision NamespaceExists NamespaceLifecycle OwnerReferencesPermissionEnforcement PersistentVolumeLabel PodNodeSelector PodSecurityPolicy ResourceQuota SecurityContextDeny ServiceAccount".split(
    " ",
  );

const unknownPlugin = (value: string): string | undefined => {
  const odd = value.split(",").find((name) => name !== "" && !plugins.includes(name));
  return odd === undefined ? undefined : `plug-ins it has, and not ${odd},`;
};

const limitsOf = (daemons: readonly Daemon[]): Limit[] => [
  { unit: "kube-apiserver", flag: "service-cluster-ip-range", misfit: tooFew },
  { unit: "kube-apiserver", flag: "admission-control", misfit: unknownPlugin },
  ...daemons.flatMap(({ unit, flags }) =>
    [...flags.keys()]
      .filter((name) => /(^|-)port$/.test(name))
      .map((name) => ({ unit, flag: name, misfit: noPort })),
  ),
];

type Rule = (settings: readonly Setting[], lab: Lab) => SettingProblem[];

const warning = (setting: Setting, message: string, hint: string): SettingProblem => ({
  severity: "warning",
  message,
  hint,
  source: setting.source,
  settings: [setting],
});

const loopback = /\/\/(127\.|localhost|\[::1\])|^(127\.|localhost$|::1$)/;

/** What others are told to come to, or come to unasked, is not on loopback. */
const reachable =
  (daemons: readonly Daemon[]): Rule =>
  (settings, { machines }) => {
    const told = [
      { unit: "etcd", flag: "advertise-client-urls", who: "etcd's clients on other machines" },
      { unit: "kubelet", flag: "address", who: "the API server" },
    ];
    return machines.flatMap(({ name }) => {
      const own = settings.filter(({ machine }) => machine === name);
      return told.flatMap(({ unit, flag: asked, who }): SettingProblem[] => {
        const daemon = daemons.find((one) => one.unit === unit);
        const given = daemon === undefined ? undefined : lastGiven(daemon, own, asked);
        if (given === undefined || !loopback.test(given.value)) return [];
        const message = `expected an address that ${who} can reach for ${unit}'s --${asked}, saw ${given.value}`;
        return [warning(given.setting, message, "127.0.0.1 is another machine on each machine")];
      });
    });
  };

/** A machine goes by the name the lab gives it. */
const nodeNames =
  (daemons: readonly Daemon[]): Rule =>
  (settings, { machines }) =>
    machines.flatMap((machine): SettingProblem[] => {
      const daemon = daemons.find(({ unit }) => unit === "kubelet");
      const own = settings.filter((one) => one.machine === machine.name);
      const given = daemon === undefined ? undefined : lastGiven(daemon, own, "hostname-override");
      if (given === undefined || given.value === machine.name) return [];
      const message = `expected the kubelet of ${machine.name} to go by that name, saw --hostname-override=${given.value}`;
      return [warning(given.setting, message, "take the name from the lab file: {{machine.name}}")];
    });

/** Tokens are signed with a key and proved with it: one end alone is a cluster whose pods cannot start. */
const bothKeys =
  (daemons: readonly Daemon[]): Rule =>
  (settings) => {
    const ends = [
      { unit: "kube-apiserver", name: "service-account-key-file" },
      { unit: "kube-controller-manager", name: "service-account-private-key-file" },
    ].flatMap(({ unit, name }) => {
      const daemon = daemons.find((one) => one.unit === unit);
      if (daemon === undefined) return [];
      const given = commandLineOf(daemon, settings).find(
        ({ flag: one, value }) => one === `--${name}` && value !== "",
      );
      return [{ name, given, missing: missingAt(daemon, settings, name) }];
    });
    const there = ends.find(({ given }) => given !== undefined);
    const missing = ends.find(({ given }) => given === undefined);
    if (there?.given === undefined || missing === undefined) return [];
    const at = missing.missing ?? there.given.setting;
    const message = `expected --${missing.name} with --${there.name}=${there.given.value}, saw none`;
    const hint = "pods wait for a token that is signed with the one and proved with the other";
    return [{ ...warning(at, message, hint), settings: [at, there.given.setting] }];
  };

/** What daemons end without, or do nothing without (facts/kubernetes-1.5.2.md §e.12, facts/centos7.md §2). */
const needs: ClusterSettings["needs"] = [
  { unit: "kube-apiserver", flags: ["etcd-servers"], why: "it ends at once without", isFatal: true },
  {
    unit: "kube-apiserver",
    flags: ["service-cluster-ip-range", "portal-net"],
    why: "it ends at once without",
    isFatal: true,
  },
  {
    unit: "kubelet",
    flags: ["api-servers", "kubeconfig"],
    why: "without, it starts pods from files alone, and is no node of the cluster",
    isFatal: false,
  },
  ...["name", "data-dir", "listen-client-urls"].map((name) => ({
    unit: "etcd",
    flags: [name],
    why: "the unit passes it on even when it is empty",
    isFatal: false,
  })),
  ...["etcd-endpoints", "etcd-prefix"].map((name) => ({
    unit: "flanneld",
    flags: [name],
    why: "flanneld-start passes it on even when it is empty",
    isFatal: false,
  })),
];

/**
 * All that is known of this cluster's settings before any machine is there.
 * @param given the lab whose packages bring the daemons
 */
export default function clusterSettings(given: Parameters<typeof daemonsOf>[0]): ClusterSettings {
  const daemons = daemonsOf(given);
  return {
    daemons,
    stock,
    packages: new Map([
      ["kubernetes", ["kubernetes-master", "kubernetes-node"]],
      ["kubernetes-master", ["kubernetes-client"]],
      ["kubernetes-node", ["docker", "socat", "conntrack-tools", "kubernetes-client"]],
      ["kubernetes-client", []],
      ["etcd", []],
      ["flannel", []],
      ["docker", []],
      ["socat", []],
      ["conntrack-tools", []],
    ]),
    otherUnits: [
      "sshd",
      "chronyd",
      "ntpd",
      "crond",
      "rpcbind",
      "firewalld",
      "NetworkManager",
      "network",
      "rsyslog",
      "docker-containerd",
    ],
    agreements,
    listeners,
    limits: limitsOf(daemons),
    needs,
    ownNames: [{ unit: "kubelet", flag: "hostname-override" }],
    shapes: [
      {
        path: /^\/etc\/hardway\/flannel-network\.json$/,
        reader: "flanneld",
        anyCase: true,
        shape: {
          Network: "text",
          SubnetMin: "text",
          SubnetMax: "text",
          SubnetLen: "number",
          Backend: {
            Type: ["udp", "vxlan", "host-gw", "alloc", "aws-vpc", "gce", "ali-vpc"],
            VNI: "number",
            Port: "port",
            GBP: ["true", "false"],
            RouteTableID: "any",
          },
        },
      },
    ],
    objects,
    rules: [reachable(daemons), nodeNames(daemons), bothKeys(daemons), ...guestbookRules],
  };
}

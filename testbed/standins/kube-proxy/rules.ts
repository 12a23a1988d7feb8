import { createHash } from "node:crypto";
import type { Backend } from "./services.ts";

export interface Masquerading {
  /** The firewall mark of packets to be masqueraded, 0x4000 by default. */
  mark: number;
  /** Whether all traffic to service addresses is masqueraded. */
  all: boolean;
  /** The pods' network; traffic to service addresses from elsewhere is masqueraded. Empty where not given. */
  clusterCidr: string;
}

interface Jump {
  table: "filter" | "nat";
  chain: string;
  /** As iptables-save shows it. */
  rule: string;
}

const portals = '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
const jumps: Jump[] = [
  { table: "filter", chain: "OUTPUT", rule: portals },
  { table: "nat", chain: "OUTPUT", rule: portals },
  { table: "nat", chain: "PREROUTING", rule: portals },
  {
    table: "nat",
    chain: "POSTROUTING",
    rule: '-m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  },
];

/**
 * The input that makes `iptables-restore --noflush` bring the rules from `saved` (what iptables-save shows) to those
 * of kube-proxy 1.5: chains, names and comments are the real ones. No rule goes into FORWARD
 * (facts/kubernetes-1.5.2.md §d).
 */
export function restoreInput(saved: string, backends: Backend[], masquerading: Masquerading): string {
  const present = (jump: Jump) => tableOf(saved, jump.table).includes(`-A ${jump.chain} ${jump.rule}`);
  const missing = (table: Jump["table"]) =>
    jumps
      .filter((jump) => jump.table === table && !present(jump))
      .map(({ chain, rule }) => `-I ${chain} ${rule}`);
  const fixed = ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ"];
  const used = backends.flatMap((backend) => [
    serviceChain(backend),
    ...backend.endpoints.map((endpoint) => endpointChain(backend, endpoint)),
  ]);
  const stale = tableOf(saved, "nat").flatMap((line) => {
    const [, chain = ""] = /^:(KUBE-(?:SVC|SEP)-\S+)/.exec(line) ?? [];
    return chain === "" || used.includes(chain) ? [] : [chain];
  });
  const lines = [
    "*filter",
    ":KUBE-SERVICES - [0:0]",
    ...missing("filter"),
    ...backends.filter(({ endpoints }) => endpoints.length === 0).map(refusal),
    "COMMIT",
    "*nat",
    ...[...fixed, ...used, ...stale].map((chain) => `:${chain} - [0:0]`),
    ...missing("nat"),
    `-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark ${hex(masquerading)} -j MASQUERADE`,
    `-A KUBE-MARK-MASQ -j MARK --set-xmark ${hex(masquerading)}`,
    ...backends.flatMap((backend) => serviceRules(backend, masquerading)),
    '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    ...stale.map((chain) => `-X ${chain}`),
    "COMMIT",
  ];
  return `${lines.join("\n")}\n`;
}

/** Connections to a service without pods are refused, not lost. */
function refusal(backend: Backend): string {
  return `-A KUBE-SERVICES ${comment(`${backend.name} has no endpoints`)} ${towards(backend)} -j REJECT`;
}

function serviceRules(backend: Backend, { all, clusterCidr }: Masquerading): string[] {
  const { name, protocol, nodePort, endpoints } = backend;
  const chain = serviceChain(backend);
  const toAddress = `-A KUBE-SERVICES ${comment(`${name} cluster IP`)} ${towards(backend)}`;
  const toNode = `-A KUBE-NODEPORTS ${comment(name)} -m ${protocol} -p ${protocol} --dport ${nodePort}`;
  return [
    ...(all ? [`${toAddress} -j KUBE-MARK-MASQ`] : []),
    ...(!all && clusterCidr !== "" ? [`${toAddress} ! -s ${clusterCidr} -j KUBE-MARK-MASQ`] : []),
    `${toAddress} -j ${chain}`,
    ...(nodePort === 0 ? [] : [`${toNode} -j KUBE-MARK-MASQ`, `${toNode} -j ${chain}`]),
    ...endpoints.flatMap((endpoint, index) => {
      const to = endpointChain(backend, endpoint);
      const left = endpoints.length - index;
      const chance = left === 1 ? "" : ` -m statistic --mode random --probability ${(1 / left).toFixed(5)}`;
      return [
        `-A ${chain} ${comment(name)}${chance} -j ${to}`,
        `-A ${to} ${comment(name)} -s ${endpoint.replace(/:.*/, "")}/32 -j KUBE-MARK-MASQ`,
        `-A ${to} ${comment(name)} -m ${protocol} -p ${protocol} -j DNAT --to-destination ${endpoint}`,
      ];
    }),
  ];
}

function towards({ protocol, address, port }: Backend): string {
  return `-m ${protocol} -p ${protocol} -d ${address}/32 --dport ${port}`;
}

function comment(text: string): string {
  return `-m comment --comment "${text}"`;
}

function hex({ mark }: Masquerading): string {
  const text = `0x${mark.toString(16).padStart(8, "0")}`;
  return `${text}/${text}`;
}

const serviceChain = ({ name, protocol }: Backend) => `KUBE-SVC-${hash(name + protocol)}`;
const endpointChain = ({ name, protocol }: Backend, endpoint: string) =>
  `KUBE-SEP-${hash(name + protocol + endpoint)}`;

/** The first 16 characters of the base32 of a SHA-256, as the real chain names are made. */
function hash(text: string): string {
  const bits = [...createHash("sha256").update(text).digest().subarray(0, 10)]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return bits.replace(/.{5}/g, (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(parseInt(five, 2)));
}

function tableOf(saved: string, table: string): string[] {
  const lines = saved.split("\n");
  const start = lines.indexOf(`*${table}`);
  return start < 0 ? [] : lines.slice(start, lines.indexOf("COMMIT", start));
}

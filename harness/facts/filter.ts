import { contains } from "../lab/addresses.ts";
import { fact, linesOf } from "./fact.ts";

/** A rule of iptables' filter table. */
export interface FilterRule {
  chain: string;
  /** Without the chain: "-i docker0 ! -o docker0 -j ACCEPT". */
  text: string;
}

/** What iptables lets in, through and out. */
export interface FilterTable {
  /** What becomes of what no rule of a built-in chain decides: ACCEPT or DROP. */
  policies: Readonly<Partial<Record<string, string>>>;
  /** In order. */
  rules: readonly FilterRule[];
}

/**
 * iptables' filter table. docker sets FORWARD's policy to DROP when it turns forwarding on itself, which pings between
 * workers' docker0 do not notice (facts/kubernetes-1.5.2.md §d).
 */
export const filterTable = fact("filter table", "iptables -w -S", (stdout, { stderr }): FilterTable => {
  const lines = linesOf(stdout);
  const policies = lines.flatMap((line) => {
    const [, chain = "", policy = ""] = /^-P (\S+) (\S+)$/.exec(line) ?? [];
    return chain === "" ? [] : [[chain, policy] as const];
  });
  if (policies.length === 0) throw new Error(stderr.trim() || "expected the chains' policies");
  return {
    policies: Object.fromEntries(policies),
    rules: lines.flatMap((line) => {
      const [, chain = "", text = ""] = /^-A (\S+) (.*)$/.exec(line) ?? [];
      return chain === "" ? [] : [{ chain, text }];
    }),
  };
});

/** The first packet of a connection, as a filter sees it. */
export interface Packet {
  chain: "INPUT" | "FORWARD";
  protocol: "tcp" | "udp" | "icmp";
  from: string;
  to: string;
  /** The port it goes to. */
  port?: number;
  /** The interfaces it comes in and goes out by. */
  in: string;
  out?: string;
}

/** What becomes of a packet, and the rule or policy that decides it: "-A INPUT -j REJECT", "-P FORWARD DROP". */
export interface Fate {
  passes: boolean;
  by: string;
}

/** What a filter table does with a packet. A rule with a match that is not known here is passed over. */
export function fateOf(table: FilterTable, packet: Packet): Fate {
  const decided = walk(table, packet.chain, packet, new Set());
  if (decided !== "returned") return decided;
  const policy = table.policies[packet.chain] ?? "ACCEPT";
  return { passes: policy === "ACCEPT", by: `-P ${packet.chain} ${policy}` };
}

function walk(
  table: FilterTable,
  chain: string,
  packet: Packet,
  above: ReadonlySet<string>,
): Fate | "returned" {
  for (const rule of table.rules) {
    if (rule.chain !== chain) continue;
    const target = targetFor(rule.text, packet);
    if (target === undefined) continue;
    if (target === "RETURN") return "returned";
    const by = `-A ${chain} ${rule.text}`;
    if (target === "ACCEPT") return { passes: true, by };
    if (target === "DROP" || target === "REJECT") return { passes: false, by };
    if (above.has(target)) continue;
    const decided = walk(table, target, packet, new Set([...above, chain]));
    if (decided !== "returned") return decided;
  }
  return "returned";
}

/** What a rule does with a packet; undefined where it does not concern it, or cannot be told. */
function targetFor(text: string, packet: Packet): string | undefined {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  let target: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const negated = words[at] === "!";
    if (negated) at += 1;
    const word = words[at] ?? "";
    if (word === "-j" || word === "-g") {
      target = words[at + 1];
      break; // what follows says how it rejects or logs
    }
    at += 1;
    const holds = matches(word, words[at] ?? "", packet);
    if (holds === undefined || holds === negated) return undefined;
  }
  return target;
}

function matches(word: string, value: string, packet: Packet): boolean | undefined {
  switch (word) {
    case "-m":
    case "--comment":
      return true;
    case "-p":
      return value === packet.protocol || value === "all";
    case "-s":
      return isIn(value, packet.from);
    case "-d":
      return isIn(value, packet.to);
    case "-i":
      return isInterface(value, packet.in);
    case "-o":
      return isInterface(value, packet.out ?? "");
    case "--dport":
    case "--dports":
      return packet.port !== undefined && value.split(",").some((range) => isPort(range, packet.port ?? 0));
    case "--ctstate":
    case "--state":
      return value.split(",").includes("NEW");
    default:
      return undefined;
  }
}

const isIn = (network: string, address: string): boolean =>
  network.includes("/") ? contains(network, address) : network === address;

/** A name's "+" at its end stands for any rest. */
const isInterface = (pattern: string, name: string): boolean =>
  pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

function isPort(range: string, port: number): boolean {
  const [first = 0, last = first] = range.split(":").map(Number);
  return first <= port && port <= last;
}

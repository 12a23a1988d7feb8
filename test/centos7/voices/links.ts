import { lines, linesIn, voice } from "./voice.ts";

const iproute = "iproute2 v4.11.0, built from its tag and run in a network namespace";

/** What `ip -d` of 4.11 does not know yet, and 6.1 says. */
const unknown =
  /(?:allmulti|minmtu|maxmtu|tso_max_size|tso_max_segs|gro_max_size|parentbus|parentdev|gso_ipv4_max_size|gro_ipv4_max_size|bcast_flood|mcast_to_unicast|neigh_suppress|neigh_vlan_suppress|group_fwd_mask_str|vlan_tunnel|isolated|locked|mab|vlan_protocol|vlan_stats_enabled|vlan_stats_per_port|nf_call_ip6tables_str|mcast_vlan_snooping|mcast_flood|addrgenmode|no_linklocal_learn|vlan_default_pvid) \S+ ?/g;

interface Block {
  head: string;
  /** Lines below it: of the link, then of its addresses. */
  below: string[];
}

const blocks = (stdout: string): Block[] =>
  stdout
    .split(/^(?=\d+: )/m)
    .filter((text) => text !== "")
    .map((text) => {
      const [head = "", ...below] = linesIn(text);
      return { head, below };
    });

const older = ({ head, below }: Block): Block => ({
  head: head.replace(/ +$/, ""),
  below: below
    .filter((line) => !/^\s+altname /.test(line))
    .map((line) => {
      if (/^\s+(inet|inet6|valid_lft)\b/.test(line)) {
        return line.replace(" noprefixroute", "").replace(/ proto kernel_\w+/, "");
      }
      const kept = line
        .replace(unknown, "")
        .replace(/ ttl (auto|inherit)(?= )/, "")
        .replace(/ df unset(?= )/, "");
      return kept.replace(/(promiscuity \d+) +/, "$1 ");
    }),
});

const print = (all: readonly Block[]): string =>
  all.map(({ head, below }) => lines([head, ...below])).join("");

export const links = voice<Block[]>({
  origin: iproute,
  heard: (stdout) => blocks(stdout).map(older),
  print,
});

/** Words with a blank after each, the last one too. */
export const routes = voice<string[][]>({
  origin: iproute,
  heard: (stdout) => linesIn(stdout).map((line) => line.trim().split(/ +/)),
  print: (all) => lines(all.map((words) => words.map((word) => `${word} `).join(""))),
});

interface Pings {
  address: string;
  counts: string;
  times: string;
}

const said =
  /^PING (?<address>\S+) \(\S+\) 56\(84\) bytes of data\.\n\n--- \S+ ping statistics ---\n(?<counts>.*)\n(?<times>[^]*)$/;

export const ping = voice<Pings>({
  origin: "iputils s20160308, built from its tag and run",
  heard: (stdout) => {
    const { address = "", counts = "", times = "" } = said.exec(stdout)?.groups ?? {};
    return { address, counts, times };
  },
  print: ({ address, counts, times }) =>
    `PING ${address} (${address}) 56(84) bytes of data.\n\n--- ${address} ping statistics ---\n${counts}\n${times}`,
});

import { fact, linesOf } from "./fact.ts";

interface Vxlan {
  vni: number;
  local: string | undefined;
  device: string | undefined;
}

/** A network interface. */
export interface Link {
  name: string;
  up: boolean;
  mtu: number;
  mac: string;
  /** IPv4 addresses with their mask's length: "10.241.15.1/24". */
  addresses: string[];
  vxlan: Vxlan | undefined;
}

/** Every interface with its addresses and, where it is one, its vxlan's particulars. iproute2 4.11 has no JSON. */
export const links = fact("links", "ip -d addr show", (stdout): Link[] => {
  const blocks = stdout.split(/^(?=\d+: )/m).filter((block) => block.trim() !== "");
  if (blocks.length === 0) throw new Error("expected at least one interface");
  return blocks.map((block) => {
    const head = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(block);
    if (head === null) throw new Error(`expected an interface, saw "${linesOf(block)[0] ?? ""}"`);
    const [, name = "", flags = "", mtu] = head;
    return {
      name,
      up: flags.split(",").includes("UP"),
      mtu: Number(mtu),
      mac: /link\/\S+ ([0-9a-f:]{17})/.exec(block)?.[1] ?? "",
      addresses: [...block.matchAll(/^\s+inet ([\d.]+(?:\/\d+)?)/gm)].map(([, address = ""]) =>
        address.includes("/") ? address : `${address}/32`,
      ),
      vxlan: vxlan(block),
    };
  });
});

function vxlan(block: string): Vxlan | undefined {
  const line = /^\s+vxlan (?:external )?id (\d+) (.*)$/m.exec(block);
  if (line === null) return undefined;
  const word = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(line[2] ?? "")?.[1];
  return { vni: Number(line[1]), local: word("local"), device: word("dev") };
}

/** A route of the main table. */
interface Route {
  /** "default", or a network with its mask's length. */
  to: string;
  device: string | undefined;
  source: string | undefined;
}

/** The IPv4 routes. */
export const routes = fact("routes", "ip -4 route show", (stdout): Route[] =>
  linesOf(stdout).map((line) => {
    const to = line.split(" ").find((word) => /^(default|\d)/.test(word)) ?? "";
    const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(line)?.[1];
    return { to, device: word("dev"), source: word("src") };
  }),
);

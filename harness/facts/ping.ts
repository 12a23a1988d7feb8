import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";

interface Ping {
  sent: number;
  received: number;
}

/** Three echo requests to an address; a network that cannot be reached counts as none sent or none received. */
export const ping = factOf<Ping, [address: string]>(
  "ping",
  (address) => `ping -n -q -c 3 -i 0.1 -W 2 ${sh(address)}`,
  (stdout, { stderr }) => {
    const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(stdout);
    if (counts !== null) return { sent: Number(counts[1]), received: Number(counts[2]) };
    if (/unreachable/i.test(stderr)) return { sent: 0, received: 0 };
    throw new Error("expected ping's counts");
  },
);

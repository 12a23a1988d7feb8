import { log } from "../common/log.ts";
import { run } from "../common/run.ts";
import { showNet, type Net4 } from "./ipv4.ts";

/** Adds or deletes the rules of -ip-masq. Throws Error where iptables refuses. */
export async function masquerade(verb: "-A" | "-D", network: Net4): Promise<void> {
  const all = showNet(network);
  const rules = [
    `-s ${all} -d ${all} -j RETURN`,
    `-s ${all} ! -d 224.0.0.0/4 -j MASQUERADE`,
    `! -s ${all} -d ${all} -j MASQUERADE`,
  ];
  for (const rule of rules) {
    log.info(`${verb === "-A" ? "Adding" : "Deleting"} iptables rule: ${rule}`);
    const present =
      (await run("iptables", ["-w", "-t", "nat", "-C", "POSTROUTING", ...rule.split(" ")])).status === 0;
    if (present === (verb === "-A")) continue;
    const done = await run("iptables", ["-w", "-t", "nat", verb, "POSTROUTING", ...rule.split(" ")]);
    if (done.status !== 0) {
      throw new Error(
        `failed to ${verb === "-A" ? "insert" : "delete"} IP masquerade rule: ${done.stderr.trim()}`,
      );
    }
  }
}

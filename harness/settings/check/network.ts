import { contains, overlaps } from "../../lab/addresses.ts";
import type { Lab } from "../../lab/lab.ts";
import { networksOf } from "../../lab/network-rules.ts";
import { isAddress, isNetwork } from "../flag-types.ts";
import type { Setting, SettingProblem } from "../setting.ts";
import { about, shown } from "./problems.ts";

const special = ["127.0.0.0/8", "0.0.0.0/32", "224.0.0.0/4", "255.255.255.255/32", "169.254.0.0/16"];
const ipv4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d|\/\d)/g;

/** Kinds whose addresses are machines to be reached; a step may count or match any. */
const reaching = new Set<Setting["kind"]>(["environment", "json", "manifest", "unit"]);

/** Addresses that no machine of the lab has. */
const strangers = (settings: readonly Setting[], lab: Lab): SettingProblem[] => {
  const known = [...lab.machines.map(({ address }) => address), lab.hostAddress];
  const ranges = [...special, ...networksOf(lab).flatMap(({ cidr }) => (cidr === lab.network ? [] : [cidr]))];
  return settings
    .filter(({ kind, state }) => reaching.has(kind) && state === "set")
    .flatMap((setting) =>
      (setting.value.match(ipv4) ?? [])
        .filter(
          (one) => isAddress(one) && !known.includes(one) && !ranges.some((range) => contains(range, one)),
        )
        .map((address) =>
          about(
            "warning",
            [setting],
            `expected an address of the lab in ${shown(setting)}, saw ${address}, which no machine of it has`,
            `the machines are ${lab.machines.map(({ name, address: own }) => `${name} ${own}`).join(", ")}`,
          ),
        ),
    );
};

/** Networks that only a template sets, and that take addresses of one of the lab's. */
const clashes = (settings: readonly Setting[], lab: Lab): SettingProblem[] =>
  settings
    .filter(
      ({ kind, state, value }) =>
        kind !== "vagrantfile" && state === "set" && /^[\d./]+$/.test(value) && isNetwork(value),
    )
    .flatMap((setting) =>
      networksOf(lab)
        .filter(({ cidr }) => cidr !== setting.value && overlaps(cidr, setting.value))
        .map(({ cidr, path }) =>
          about(
            "warning",
            [setting],
            `expected addresses apart from the lab's ${path.join(".")} ${cidr} in ${shown(setting)}, saw them overlap`,
            "each network needs addresses of its own, or packets for one go to another",
          ),
        ),
    );

/** Machines that a placed hosts file leaves out, or has under another address. */
function hosts(settings: readonly Setting[], lab: Lab): SettingProblem[] {
  const lines = settings.filter(({ kind, state }) => kind === "hosts" && state === "set");
  const [top] = lines;
  if (top === undefined) return [];
  const nameOf = ({ key, value }: Setting): string => key.slice(value.length + 1);
  const near = lines.findLast(({ labValues }) => labValues.length > 0) ?? top;
  return lab.machines.flatMap((machine): SettingProblem[] => {
    const own = lines.filter((line) => nameOf(line) === machine.name);
    const [first] = own;
    const hint = "each machine is found by its name, which the lab file has with its address";
    if (first === undefined) {
      return [
        about(
          "warning",
          [near],
          `expected a line for ${machine.name} (${machine.address}) in /etc/hosts, saw none`,
          hint,
        ),
      ];
    }
    if (first.value === machine.address) return [];
    return [
      about(
        "warning",
        [first],
        `expected ${machine.address} for ${machine.name} in /etc/hosts, saw ${first.value}`,
        hint,
      ),
    ];
  });
}

/** Addresses and networks that are none of the lab's, or clash with them. */
export const checkNetwork = (machines: ReadonlyMap<string, readonly Setting[]>, lab: Lab): SettingProblem[] =>
  [...machines.values()].flatMap((settings) => [
    ...strangers(settings, lab),
    ...clashes(settings, lab),
    ...hosts(settings, lab),
  ]);

import { stringify } from "yaml";
import type { SettingKind } from "../../harness/settings/setting.ts";
import type { Random } from "./random.ts";

/** A file somebody could have written. */
export interface Generated {
  kind: SettingKind;
  path: string;
  text: string;
}

const words = [
  "alpha",
  "node0",
  "10.0.0.1",
  "http://10.0.0.1:2379",
  "true",
  "8080",
  "/etc/x.key",
  "a,b=c",
  "x-y_z",
];
const names = ["ALPHA", "BETA_ARGS", "GAMMA", "D2", "_E"];
const flags = ["--port", "--address", "--v", "--no_such", "--list"];

const value = (random: Random): string => random.of(words);
const blank = (random: Random): string => random.of(["", "", " ", "\t", "  "]);
const comment = (random: Random, sign = "#"): string =>
  `${blank(random)}${sign}${random.of(["", " why", " a=b", "###", ` "x`])}\n`;

const lines = (random: Random, line: (random: Random) => string): string =>
  Array.from({ length: 1 + random.below(9) }, () => line(random)).join("");

function environment(random: Random): string {
  return lines(random, () => {
    if (random.chance(0.25))
      return random.of([comment(random), comment(random, ";"), "\n", `# ${random.of(names)}="--port=1"\n`]);
    const flag = `${random.of(flags)}${random.of(["=", " "])}${value(random)}`;
    const text = random.chance(0.5)
      ? value(random)
      : random.chance(0.5)
        ? flag
        : `${flag} ${random.of(flags)}=${value(random)}`;
    const [open, close] = random.of([
      ['"', '"'],
      ["'", "'"],
      ["", ""],
      ['"', `" ${random.of(["", "'y'"])}`],
    ] as const);
    return `${blank(random)}${random.of(names)}${random.of(["=", "=", " = "])}${open}${text}${close}${blank(random)}\n`;
  });
}

const unit = (random: Random): string =>
  `[Unit]\n${lines(random, () => {
    if (random.chance(0.2)) return random.of([comment(random, random.of(["#", ";"])), "[Install]\n"]);
    const key = random.of(["ExecStart", "Environment", "User", "LimitNOFILE", "EnvironmentFile"]);
    const more = random.chance(0.3) ? ` \\\n  ${value(random)}` : "";
    return `${random.of(["", "", "[Service]\n", "[Unit]\n"])}${blank(random)}${key}${random.of(["=", " = "])}${random.of(["", value(random)])}${more}\n`;
  })}`;

const ini = (random: Random): string =>
  `[${random.of(["main", "base", "extras"])}]\n${lines(random, () => {
    if (random.chance(0.2)) return random.of(["# why\n", "; why\n", "\n"]);
    if (random.chance(0.15)) return `[${random.of(["main", "base", "extras"])}]\n`;
    const key = random.of(["gpgcheck", "baseurl", "enabled", "Name", "gpgkey"]);
    const more = random.chance(0.3) ? `\n   ${value(random)}` : "";
    return `${key}${random.of(["=", " = ", ": "])}${value(random)}${random.of(["", "", " ; why"])}${more}\n`;
  })}`;

function tree(random: Random, depth: number): unknown {
  if (depth === 0 || random.chance(0.3))
    return random.of(["x", "yes it is", 1, true, null, "8080", "a: b", "", "multi\nline\n", "#no"]);
  const size = random.below(4);
  if (random.chance(0.35)) return Array.from({ length: size }, () => tree(random, depth - 1));
  const keys = ["name", "spec", "labels", "a.b/c", "port", "Type"];
  return Object.fromEntries(Array.from({ length: size }, () => [random.of(keys), tree(random, depth - 1)]));
}

const json = (random: Random): string =>
  `${JSON.stringify(tree(random, 3), undefined, random.of([0, 2, "\t"]))}${random.of(["", "\n"])}`;

function manifest(random: Random): string {
  const objects = Array.from({ length: 1 + random.below(3) }, (_, index) => ({
    apiVersion: "v1",
    kind: random.of(["Service", "Deployment"]),
    metadata: { name: `one${index}`, labels: { app: value(random) } },
    spec: tree(random, 3),
  }));
  return objects
    .map((object) => {
      const text = stringify(object, {
        collectionStyle: random.of(["any", "flow", "block"]),
        indentSeq: random.chance(0.5),
      });
      return random.chance(0.4) ? text.replace("\n", `${random.of([" # why", ""])}\n# a comment\n`) : text;
    })
    .join("---\n");
}

const sysctl = (random: Random): string =>
  lines(random, () =>
    random.chance(0.25)
      ? random.of([comment(random), comment(random, ";"), "# net.ipv4.ip_forward = 0\n"])
      : `${blank(random)}${random.of(["", "-"])}${random.of(["net.ipv4.ip_forward", "kernel/pid_max", "vm.swappiness"])}${random.of(["=", " = "])}${random.of(["1", "0", "1 2 3"])}${blank(random)}\n`,
  );

const modules = (random: Random): string =>
  lines(random, () =>
    random.chance(0.3)
      ? comment(random)
      : `${blank(random)}${random.of(["br_netfilter", "vxlan", "ip_vs"])}${blank(random)}\n`,
  );

const hosts = (random: Random): string =>
  lines(random, () =>
    random.chance(0.3)
      ? comment(random)
      : `${blank(random)}${random.of(["10.0.0.1", "::1"])}${random.of([" ", "\t", "   "])}${random.of(["one", "two one", "localhost x.y"])}${random.of(["", " # why"])}\n`,
  );

const shell = (random: Random): string =>
  `#!/bin/sh\n${lines(random, () =>
    random.of([
      "# why\n",
      "\n",
      "  set -eu\n",
      `echo "${value(random)}" # why\n`,
      `echo 'a\n# not a comment\n${value(random)}'\n`,
      `cat <<EOF >/etc/x\n# in the file\n${value(random)} # too\nEOF\n`,
      `test $# -gt 0 && echo "\${x#y}" '#' \\\n  more\n`,
      `cat <<-'END'\n\ttext\n\tEND\n`,
    ]),
  )}`;

const text = (random: Random): string =>
  lines(random, () => random.of(["# why\n", "\n", `${value(random)}\n`, "  x y\n"]));

const makers: readonly (readonly [SettingKind, string, (random: Random) => string])[] = [
  ["environment", "/etc/sysconfig/x", environment],
  ["unit", "/etc/systemd/system/x.service", unit],
  ["ini", "/etc/yum.repos.d/x.repo", ini],
  ["json", "/etc/x.json", json],
  ["manifest", "/etc/x.yaml", manifest],
  ["sysctl", "/etc/sysctl.d/x.conf", sysctl],
  ["modules", "/etc/modules-load.d/x.conf", modules],
  ["hosts", "/etc/hosts", hosts],
  ["step", "steps/x.sh", shell],
  ["text", "/etc/x", text],
];

/** Files of all kinds, each kind as often as the others. */
export const generatedFiles = (random: Random, count: number): Generated[] =>
  Array.from({ length: count }, (_, index) => {
    const [kind, path, make] = makers[index % makers.length] ?? random.of(makers);
    return { kind, path, text: make(random) };
  });

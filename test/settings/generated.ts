import { stringify } from "yaml";
import type { SettingKind } from "../../harness/settings/setting.ts";
import type { Random } from "../../harness/mutants/random.ts";

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

const value = (random: Random): string => random.pick(words);
const blank = (random: Random): string => random.pick(["", "", " ", "\t", "  "]);
const comment = (random: Random, sign = "#"): string =>
  `${blank(random)}${sign}${random.pick(["", " why", " a=b", "###", ` "x`])}\n`;

const lines = (random: Random, line: (random: Random) => string): string =>
  Array.from({ length: 1 + random.below(9) }, () => line(random)).join("");

function environment(random: Random): string {
  return lines(random, () => {
    if (random.below(100) < 25)
      return random.pick([
        comment(random),
        comment(random, ";"),
        "\n",
        `# ${random.pick(names)}="--port=1"\n`,
      ]);
    const flag = `${random.pick(flags)}${random.pick(["=", " "])}${value(random)}`;
    const text =
      random.below(100) < 50
        ? value(random)
        : random.below(100) < 50
          ? flag
          : `${flag} ${random.pick(flags)}=${value(random)}`;
    const [open, close] = random.pick([
      ['"', '"'],
      ["'", "'"],
      ["", ""],
      ['"', `" ${random.pick(["", "'y'"])}`],
    ] as const);
    return `${blank(random)}${random.pick(names)}${random.pick(["=", "=", " = "])}${open}${text}${close}${blank(random)}\n`;
  });
}

const unit = (random: Random): string =>
  `[Unit]\n${lines(random, () => {
    if (random.below(100) < 20) return random.pick([comment(random, random.pick(["#", ";"])), "[Install]\n"]);
    const key = random.pick(["ExecStart", "Environment", "User", "LimitNOFILE", "EnvironmentFile"]);
    const more = random.below(100) < 30 ? ` \\\n  ${value(random)}` : "";
    return `${random.pick(["", "", "[Service]\n", "[Unit]\n"])}${blank(random)}${key}${random.pick(["=", " = "])}${random.pick(["", value(random)])}${more}\n`;
  })}`;

const ini = (random: Random): string =>
  `[${random.pick(["main", "base", "extras"])}]\n${lines(random, () => {
    if (random.below(100) < 20) return random.pick(["# why\n", "; why\n", "\n"]);
    if (random.below(100) < 15) return `[${random.pick(["main", "base", "extras"])}]\n`;
    const key = random.pick(["gpgcheck", "baseurl", "enabled", "Name", "gpgkey"]);
    const more = random.below(100) < 30 ? `\n   ${value(random)}` : "";
    return `${key}${random.pick(["=", " = ", ": "])}${value(random)}${random.pick(["", "", " ; why"])}${more}\n`;
  })}`;

function tree(random: Random, depth: number): unknown {
  if (depth === 0 || random.below(100) < 30)
    return random.pick(["x", "yes it is", 1, true, null, "8080", "a: b", "", "multi\nline\n", "#no"]);
  const size = random.below(4);
  if (random.below(100) < 35) return Array.from({ length: size }, () => tree(random, depth - 1));
  const keys = ["name", "spec", "labels", "a.b/c", "port", "Type"];
  return Object.fromEntries(Array.from({ length: size }, () => [random.pick(keys), tree(random, depth - 1)]));
}

const json = (random: Random): string =>
  `${JSON.stringify(tree(random, 3), undefined, random.pick([0, 2, "\t"]))}${random.pick(["", "\n"])}`;

function manifest(random: Random): string {
  const objects = Array.from({ length: 1 + random.below(3) }, (_, index) => ({
    apiVersion: "v1",
    kind: random.pick(["Service", "Deployment"]),
    metadata: { name: `one${index}`, labels: { app: value(random) } },
    spec: tree(random, 3),
  }));
  return objects
    .map((object) => {
      const text = stringify(object, {
        collectionStyle: random.pick(["any", "flow", "block"]),
        indentSeq: random.below(100) < 50,
      });
      return random.below(100) < 40
        ? text.replace("\n", `${random.pick([" # why", ""])}\n# a comment\n`)
        : text;
    })
    .join("---\n");
}

const sysctl = (random: Random): string =>
  lines(random, () =>
    random.below(100) < 25
      ? random.pick([comment(random), comment(random, ";"), "# net.ipv4.ip_forward = 0\n"])
      : `${blank(random)}${random.pick(["", "-"])}${random.pick(["net.ipv4.ip_forward", "kernel/pid_max", "vm.swappiness"])}${random.pick(["=", " = "])}${random.pick(["1", "0", "1 2 3"])}${blank(random)}\n`,
  );

const modules = (random: Random): string =>
  lines(random, () =>
    random.below(100) < 30
      ? comment(random)
      : `${blank(random)}${random.pick(["br_netfilter", "vxlan", "ip_vs"])}${blank(random)}\n`,
  );

const hosts = (random: Random): string =>
  lines(random, () =>
    random.below(100) < 30
      ? comment(random)
      : `${blank(random)}${random.pick(["10.0.0.1", "::1"])}${random.pick([" ", "\t", "   "])}${random.pick(["one", "two one", "localhost x.y"])}${random.pick(["", " # why"])}\n`,
  );

const shell = (random: Random): string =>
  `#!/bin/sh\n${lines(random, () =>
    random.pick([
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
  lines(random, () => random.pick(["# why\n", "\n", `${value(random)}\n`, "  x y\n"]));

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
    const [kind, path, make] = makers[index % makers.length] ?? random.pick(makers);
    return { kind, path, text: make(random) };
  });

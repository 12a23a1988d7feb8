import { nearest } from "../../lab/nearest.ts";
import type { Lab } from "../../lab/lab.ts";
import type { Setting, SettingProblem } from "../setting.ts";
import { about, shown } from "./problems.ts";

const off = /^(0|no|false)$/i;

const split = ({ key }: Setting): { section: string; option: string } => {
  const [, section = "", option = ""] = /^\[([^\]]*)\] (\S+)/.exec(key) ?? [];
  return { section, option };
};

/** Checks of the package manager's that are switched off. */
const switchedOff = (settings: readonly Setting[]): SettingProblem[] =>
  settings.flatMap((setting): SettingProblem[] => {
    const { section, option } = split(setting);
    const isCheck =
      /^(gpgcheck|localpkg_gpgcheck|payload_gpgcheck|sslverify)$/.test(option) ||
      (option === "repo_gpgcheck" && section !== "main" && setting.labValues.length === 0);
    if (!isCheck || !off.test(setting.value)) return [];
    return [
      about(
        "warning",
        [setting],
        `expected the package manager's checks to be on, saw ${shown(setting)}`,
        "packages are only taken signed, by keys that are known beforehand",
      ),
    ];
  });

/** Checks that are off where nothing switches them on: yum.conf(5). */
function leftOff(settings: readonly Setting[], all: readonly Setting[]): SettingProblem[] {
  const main = settings.filter((one) => one.path === "/etc/yum.conf" && split(one).section === "main");
  const [first] = main;
  if (first === undefined) return [];
  return ["gpgcheck", "localpkg_gpgcheck"]
    .filter((option) => main.every((one) => split(one).option !== option))
    .map((option) => {
      const line = all.find((one) => one.state === "commented" && one.key === `[main] ${option}`);
      const message = `expected ${option}=1 in [main], saw none: it is off where nothing is said`;
      return about("warning", [line ?? first], message, "packages are only taken signed");
    });
}

const switches =
  /^(enabled|gpgcheck|repo_gpgcheck|localpkg_gpgcheck|sslverify|keepcache|exactarch|obsoletes|plugins|skip_if_unavailable)$/;

/** Switches that are neither on nor off. */
const undecided = (settings: readonly Setting[]): SettingProblem[] =>
  settings
    .filter((one) => switches.test(split(one).option) && !/^(0|1|no|yes|false|true)$/i.test(one.value))
    .map((setting) =>
      about(
        "warning",
        [setting],
        `expected 0 or 1 for ${setting.key}, saw \`${setting.value}\``,
        "yum takes nothing else",
      ),
    );

/** What a repository of the lab's is told that the lab file says otherwise. */
function differing(settings: readonly Setting[], lab: Lab): SettingProblem[] {
  const files = new Set(settings.flatMap(({ path = "" }) => (path.endsWith(".repo") ? [path] : [])));
  if (files.size === 0) return [];
  return lab.repositories.flatMap((repository): SettingProblem[] => {
    const of = (option: string): Setting[] =>
      settings.filter(
        (one) =>
          one.path?.endsWith(".repo") && split(one).section === repository.id && split(one).option === option,
      );
    const own = settings.filter((one) => one.path?.endsWith(".repo") && split(one).section === repository.id);
    const [first] = own;
    if (first === undefined) {
      const [any] = settings.filter(({ path = "" }) => files.has(path));
      const meant = nearest(
        repository.id,
        settings.map((one) => split(one).section),
      );
      if (any === undefined) return [];
      const hint =
        meant === undefined ? "each repository of the lab file has its section" : `there is [${meant}]`;
      return [
        about(
          "warning",
          [any],
          `expected a section [${repository.id}] for the lab's repository, saw none`,
          hint,
        ),
      ];
    }
    const wrong = (option: string, expected: readonly string[], hint: string): SettingProblem[] => {
      const seen = of(option);
      const values = seen.flatMap(({ value }) => value.split(/[\s,]+/)).filter((value) => value !== "");
      if (values.length === expected.length && expected.every((value) => values.includes(value))) return [];
      const [at = first, ...more] = seen;
      const saw = values.join(" ") || "none";
      return [
        about(
          "warning",
          [at, ...more],
          `expected ${option} ${expected.join(" ")} for [${repository.id}], saw ${saw}`,
          hint,
        ),
      ];
    };
    const key = lab.keys.find(({ id }) => id === repository.key);
    const enabled = of("enabled").filter(({ value }) => off.test(value));
    return [
      ...wrong("baseurl", repository.baseurl, "the lab file has the repository's addresses"),
      ...(key === undefined
        ? []
        : wrong("gpgkey", [`file://${key.path}`], "the lab file says where machines keep the key")),
      ...enabled.map((setting) =>
        about(
          "warning",
          [setting],
          `expected the lab's repository ${repository.id} to be enabled, saw ${shown(setting)}`,
          "nothing can be installed without it",
        ),
      ),
      ...(repository.signedMetadata
        ? wrong("repo_gpgcheck", ["1"], "the lab file says that its metadata is signed")
        : []),
    ];
  });
}

/** Scripts that tell the package manager to take anything. */
const unchecked = (settings: readonly Setting[]): SettingProblem[] =>
  settings
    .filter(({ kind, value }) => kind === "step" && /--nogpgcheck|--no-gpg-checks|gpgcheck=0/.test(value))
    .map((setting) =>
      about(
        "warning",
        [setting],
        `expected the package manager's checks to be on, saw \`${setting.value}\``,
        "leave the option out",
      ),
    );

/** Repositories that are not as the lab says, and checks that are off. */
export const checkRepositories = (
  machines: ReadonlyMap<string, readonly Setting[]>,
  lab: Lab,
): SettingProblem[] =>
  [...machines.values()].flatMap((settings) => {
    const ini = settings.filter(({ kind, state }) => kind === "ini" && state === "set");
    return [
      ...switchedOff(ini),
      ...undecided(ini),
      ...leftOff(ini, settings),
      ...differing(ini, lab),
      ...unchecked(settings),
    ];
  });

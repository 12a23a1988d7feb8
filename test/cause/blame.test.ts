import { expect } from "chai";
import type { Standing } from "../../harness/cause/alibi.ts";
import { blame } from "../../harness/cause/blame.ts";
import { defineComponents } from "../../harness/cause/component.ts";
import type { EvidenceKind, Known, Testimony, UnitWitness } from "../../harness/cause/evidence.ts";
import { Graph, type Node } from "../../harness/cause/graph.ts";
import type { Daemon, Setting, SettingProblem } from "../../harness/settings/setting.ts";

const components = defineComponents({
  web: { noun: "web", units: ["web"] },
  "web listener": { noun: "web", units: ["web"], dependsOn: ["web"] },
  fetcher: { noun: "fetcher", units: ["fetcher"], dependsOn: ["master:web listener"] },
  pages: { noun: "pages", reads: ["file /etc/pages/*"], dependsOn: ["web"] },
});
const site = { master: { name: "a" }, workers: [{ name: "b" }, { name: "c" }] };

const daemon = (unit: string, variables: string[], flags: Record<string, string>): Daemon => ({
  unit,
  package: `${unit}-package`,
  environmentFiles: ["/etc/common", `/etc/${unit}`],
  variables,
  valueOf: new Map(),
  flags: new Map(Object.entries(flags).map(([name, value]) => [name, { type: "string", default: value }])),
  flagSyntax: "pflag",
  flagsFrom: "the test",
  flagsAreExact: true,
});
const daemons = [
  daemon("web", ["LOG", "WEB_ADDRESS", "WEB_PORT", "WEB_ROOT"], {
    address: "127.0.0.1",
    port: "8080",
    root: "/srv/web",
    log: "quiet",
  }),
  daemon("fetcher", ["LOG", "FETCH_URL"], { url: "", log: "quiet" }),
];

/** A line of an environment file: `WEB_PORT=--port=8080`. */
function line(
  machine: string,
  file: string,
  number: number,
  key: string,
  flag: string,
  value: string,
): Setting {
  return {
    machine,
    kind: "environment",
    path: `/etc/${file}`,
    key,
    flag,
    value,
    state: "set",
    source: { file: `provision/x/files/etc/${file}`, line: number, text: `${key}="${flag}=${value}"` },
    labValues: [],
    restarts: [],
  };
}
const log = (machine: string) => line(machine, "common", 1, "LOG", "--log", "verbose-7");
const settings = [
  log("a"),
  line("a", "web", 1, "WEB_ADDRESS", "--address", "10.0.0.1"),
  line("a", "web", 2, "WEB_PORT", "--port", "8081"),
  line("a", "web", 3, "WEB_ROOT", "--root", "/srv/site"),
  ...["b", "c"].flatMap((name) => [
    log(name),
    line(name, "fetcher", 1, "FETCH_URL", "--url", "http://10.0.0.1:8080"),
  ]),
];

interface Case {
  node?: Node;
  saw?: string;
  expected?: string;
  said?: string[];
  witness?: Partial<UnitWitness>;
  works?: Node[];
  known?: Partial<Known>;
  without?: EvidenceKind;
}

function judged({ node = "a/web", ...given }: Case) {
  const [machine = "", component = ""] = node.split("/");
  const unit = component.split(" ")[0] ?? "";
  const testimony: Testimony = {
    node,
    looks: [
      { label: `${machine} ${unit}`, expected: given.expected ?? "active", saw: given.saw ?? "failed" },
    ],
    units: [{ machine, unit, log: given.said ?? [], ...given.witness }],
    namesOf: () => [],
  };
  const known: Known = { settings, daemons, problems: [], stock: new Map(), ...given.known };
  const standing: Standing = {
    graph: new Graph(components, site, { broken: new Map([[node, { why: "" }]]), unreached: new Map() }),
    works: new Set(given.works ?? []),
    daemons,
    settings: known.settings,
    isServed: ({ value }) =>
      value === "http://10.0.0.1:8080" && given.works?.includes("a/web listener") === true,
  };
  const { sureness, candidates, files } = blame(
    testimony,
    known,
    standing,
    given.without === undefined ? {} : { without: given.without },
  );
  return { sureness, names: candidates.map(({ name }) => name), files };
}

const problem = (message: string, ...ends: Setting[]): SettingProblem => {
  const [first = log("a")] = ends;
  return { severity: "warning", message, hint: "", source: first.source, settings: ends };
};
const at = (key: string, machine = "a"): Setting => {
  const found = settings.find((setting) => setting.key === key && setting.machine === machine);
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
};

describe("which setting is blamed", () => {
  it("is the one whose flag the daemon's words name", () => {
    expect(judged({ said: ["invalid value for --root"] })).to.include({ sureness: "set by" });
    expect(judged({ said: ["invalid value for --root"] }).names).to.deep.equal(["WEB_ROOT"]);
  });

  it("is the one whose whole value was seen in the place of what was expected", () => {
    const { sureness, names } = judged({
      node: "a/web listener",
      expected: "tcp 8080 to be listening",
      saw: "22, 8081",
    });
    expect([sureness, ...names]).to.deep.equal(["set by", "WEB_PORT"]);
  });

  it("is one of several where the same words name several", () => {
    const { sureness, names } = judged({ said: ["cannot serve /srv/site on 10.0.0.1"] });
    expect(sureness).to.equal("one of");
    expect(names).to.have.members(["WEB_ADDRESS", "WEB_ROOT"]);
  });

  it("is both ends of what does not agree, and the one of them that words name as well", () => {
    const node = "b/fetcher";
    const known = {
      problems: [problem("asked on 8080, served on 8081", at("FETCH_URL", "b"), at("WEB_PORT"))],
    };
    expect(judged({ node, known })).to.deep.include({ sureness: "one of" });
    expect(judged({ node, known }).names).to.have.members(["FETCH_URL", "WEB_PORT"]);
    const said = judged({ node, known, said: ["Get http://10.0.0.1:8080/: connection refused"] });
    expect([said.sureness, ...said.names]).to.deep.equal(["set by", "FETCH_URL"]);
  });

  it("is none that another daemon reads as well, and works", () => {
    const settingsShared = settings.map((one) => ({ ...one, machine: "a" }));
    const said = ["strange --log"];
    const known = { settings: settingsShared };
    expect(judged({ said, known }).names).to.deep.equal(["LOG"]);
    const { sureness, names } = judged({ known, works: ["a/fetcher"] });
    expect([sureness, ...names].sort()).to.deep.equal(["WEB_ADDRESS", "WEB_PORT", "WEB_ROOT", "one of"]);
  });

  it("is none that is the same on a machine where the component works", () => {
    const own = line("b", "fetcher", 2, "FETCH_URL", "--url", "http://10.0.0.9:8080");
    const known = { settings: [...settings, own] };
    const { names } = judged({ node: "b/fetcher", known, works: ["c/fetcher"] });
    expect(names).to.deep.equal(["FETCH_URL"]);
  });

  it("is not the address of a server that works, though the daemon once missed it", () => {
    const said = ["Get http://10.0.0.1:8080/: connection refused"];
    expect(judged({ node: "b/fetcher", said }).sureness).to.equal("set by");
    expect(judged({ node: "b/fetcher", said, works: ["a/web listener"] }).sureness).to.equal("one of");
  });

  it("is none where the daemon crashed of itself, whatever its stack names", () => {
    const said = ["panic: runtime error: index out of range", "invalid value for --root"];
    expect(judged({ said })).to.deep.equal({ sureness: "none", names: [], files: [] });
  });

  it("is the drop-in that takes the daemon's files away", () => {
    const dropIn: Setting = {
      ...log("a"),
      kind: "unit",
      path: "/etc/systemd/system/web.service.d/x.conf",
      key: "[Service] EnvironmentFile",
      value: "",
      source: { file: "provision/x/x.conf", line: 2, text: "EnvironmentFile=" },
    };
    const { sureness, names } = judged({
      witness: { environmentFiles: ["/etc/common"], args: ["/usr/bin/web"] },
      known: { settings: [...settings, dropIn] },
    });
    expect([sureness, ...names]).to.deep.equal(["set by", "[Service] EnvironmentFile"]);
  });

  it("is what no item of the plan brings", () => {
    const state = { load: "loaded", active: "inactive", sub: "dead", file: "disabled", ended: "" };
    const item: Setting = { ...log("a"), kind: "plan", path: undefined, key: "plan: package web-package" };
    const { sureness, names } = judged({ witness: { state }, known: { settings: [...settings, item] } });
    expect([sureness, ...names]).to.deep.equal(["set by", "unit: web"]);
  });

  it("is a flag that no line sets, where the daemon asks for it or its default was seen", () => {
    const known = { settings: settings.filter(({ key }) => key !== "WEB_ROOT" && key !== "WEB_ADDRESS") };
    expect(judged({ known, said: ["--root must be given"] }).names).to.deep.equal(["--root"]);
    const look = { node: "a/web listener" as Node, expected: "tcp 8081 on every address", saw: "127.0.0.1" };
    expect(judged({ known, ...look })).to.deep.include({ sureness: "set by", names: ["--address"] });
  });

  it("is no line where nothing points at one of many, and then those that differ from the package's own", () => {
    const many = Array.from({ length: 6 }, (_, nth) =>
      line("a", "web", 10 + nth, "WEB_ROOT", `--x${nth}`, "1"),
    );
    const known = { settings: [...settings, ...many] };
    expect(judged({ known })).to.deep.include({ sureness: "files", names: [] });
    const stock = new Map([["/etc/web", new Map([["WEB_PORT", "--port=8080"]])]]);
    expect(judged({ known: { ...known, stock } })).to.deep.include({
      sureness: "one of",
      names: ["WEB_PORT"],
    });
  });

  it("is none of ours where the component reads nothing", () => {
    expect(judged({ node: "a/pages" })).to.deep.equal({ sureness: "none", names: [], files: [] });
  });

  it("says the same each time", () => {
    const one = () => JSON.stringify(judged({ said: ["cannot serve /srv/site on 10.0.0.1"] }));
    expect(one()).to.equal(one());
  });
});

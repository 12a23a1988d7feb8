import { expect } from "chai";
import type { Observation } from "../../harness/facts/fact.ts";
import { asJudged } from "../judge/again.ts";
import { kept } from "../recordings/recording.ts";

/** The specs' own modules: see test/judge/specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

type Vary = (seen: Observation) => Observation;

/** Changes what certain facts printed. */
const output =
  (facts: readonly string[], change: (stdout: string) => string): Vary =>
  (seen) =>
    facts.includes(seen.fact) ? { ...seen, stdout: change(seen.stdout) } : seen;

/** Changes a text wherever it is, in questions too: they name what was answered before. */
const everywhere =
  (pattern: RegExp, change: (...match: string[]) => string): Vary =>
  (seen) =>
    JSON.parse(JSON.stringify(seen).replace(pattern, change)) as Observation;

const lines = (stdout: string, change: (lines: string[]) => string[]): string =>
  `${change(stdout.replace(/\n$/, "").split("\n")).join("\n")}\n`;

/** Rows after a heading, from the last to the first. */
const reversed = (stdout: string, heading = 0): string =>
  lines(stdout, (all) => [...all.slice(0, heading), ...all.slice(heading).reverse()]);

/** Changes a JSON answer, before the HTTP status. */
const answer =
  (facts: readonly string[], change: (body: Record<string, unknown>) => void): Vary =>
  (seen) => {
    const at = seen.stdout.lastIndexOf("\n");
    if (!facts.includes(seen.fact) || !seen.stdout.startsWith("{")) return seen;
    const body = JSON.parse(seen.stdout.slice(0, at)) as Record<string, unknown>;
    change(body);
    return { ...seen, stdout: JSON.stringify(body) + seen.stdout.slice(at) };
  };

const kinds = ["nodes", "pods", "services", "endpoints", "deployments", "replicasets", "componentstatuses"];
const items = (body: Record<string, unknown>): unknown[] =>
  Array.isArray(body["items"]) ? (body["items"] as unknown[]) : [];
const day = 86400;
const later = (time: string): string => new Date(Date.parse(time) + day * 1000).toISOString();
const other = (digits: string): string => String((Number(digits) + 117) % 32000 || 1);

const harmless: Record<string, Vary> = {
  "other process ids": everywhere(
    /(pid=|MainPID=|_PID=|\/proc\/)(\d+)/g,
    (_, name = "", id = "") => name + other(id),
  ),
  "another day": (seen) => {
    const moved = { ...seen, at: later(seen.at) };
    if (seen.fact === "clock")
      return { ...moved, stdout: seen.stdout.replace(/^\d+/, (s) => `${Number(s) + day}`) };
    return everywhere(/\d{4}-\d\d-\d\dT[\d:]+Z/g, (time = "") => later(time).replace(/\.\d+Z$/, "Z"))(moved);
  },
  "machines that booted an hour earlier": output(["unit"], (stdout) =>
    stdout
      .replace(/^[\d.]+/, (uptime) => String(Number(uptime) + 3600))
      .replace(/(Monotonic=)([1-9]\d+)/, (_, name: string, us: string) => name + String(Number(us) + 3600e6)),
  ),
  "clocks that are some seconds off": output(["clock"], (stdout) =>
    stdout.replace(/^\d+/, (seconds) => String(Number(seconds) - 4)),
  ),
  "a slower machine": (seen) => ({ ...seen, ms: seen.ms * 3 }),
  "other pod addresses": everywhere(
    /\b(10\.241\.\d+\.)([2-9])\b/g,
    (_, net = "", host = "") => `${net}${Number(host) + 40}`,
  ),
  "other leases": everywhere(
    /\b10\.241\.([1-9]\d*)\./g,
    (_, subnet = "") => `10.241.${(Number(subnet) + 3) % 250 || 7}.`,
  ),
  "other service addresses": everywhere(
    /\b10\.254\.(\d+)\.(?!0\b)/g,
    (_, net = "") => `10.254.${(Number(net) + 3) % 250}.`,
  ),
  "another NodePort": everywhere(/\b(3[0-2]\d{3})\b(?=\D)/g, (port = "") =>
    port.length === 5 ? `31${port.slice(2)}` : port,
  ),
  "other hardware addresses": everywhere(
    /\b((?:[0-9a-f]{2}:){5})([0-9a-f]{2})\b/gi,
    (_, five = "", last = "") => five + (parseInt(last, 16) ^ 1).toString(16).padStart(2, "0"),
  ),
  "other resource versions and ids": everywhere(
    /(resourceVersion|uid)(\\*":\\*")([^"\\]+)/g,
    (_, name = "", quote = "", value = "") => `${name}${quote}${value.split("").reverse().join("")}`,
  ),
  "other names of pods": everywhere(
    /\b(redis-master|redis-slave|frontend)-(\d{6,})-([a-z0-9]{5})\b/g,
    (_, name = "", hash = "", id = "") => `${name}-${hash}-${Array.from(id).reverse().join("")}`,
  ),
  "listeners in another order": output(["listeners"], (stdout) => reversed(stdout, 1)),
  "routes in another order": output(["routes"], (stdout) => reversed(stdout)),
  "interfaces in another order": output(["links"], (stdout) =>
    stdout
      .split(/^(?=\d+: )/m)
      .reverse()
      .map((block) => (block.endsWith("\n") ? block : `${block}\n`))
      .join(""),
  ),
  "interfaces with other numbers": output(["links"], (stdout) =>
    stdout.replace(/^(\d+): /gm, (_, n: string) => `${Number(n) + 5}: `),
  ),
  "objects in another order": answer(kinds, (body) => {
    body["items"] = items(body).reverse();
  }),
  "endpoints in another order": (seen) =>
    answer(["endpoints"], (body) => {
      for (const item of items(body) as { subsets?: { addresses?: unknown[] }[] }[])
        for (const subset of item.subsets ?? []) subset.addresses?.reverse();
    })(seen),
  "fields of a later API": answer(kinds, (body) => {
    for (const item of items(body) as { spec?: object; status?: object }[])
      Object.assign(item, { spec: { ...item.spec, later: [1] }, status: { ...item.status, later: {} } });
  }),
  "etcd's keys in another order, and shorter of life": answer(["etcd tree"], (body) => {
    const turn = (node: { nodes?: { ttl?: number }[]; ttl?: number }): void => {
      if (node.ttl !== undefined) node.ttl -= 3000;
      node.nodes?.reverse().forEach(turn);
    };
    turn(body["node"] as { nodes?: { ttl?: number }[] });
  }),
  "packages in another order": output(["packages", "package files"], (stdout) => reversed(stdout)),
  "a rule more that lets through": output(["filter table"], (stdout) =>
    stdout.replace(/^-A FORWARD/m, '-A FORWARD -i eth0 -m comment --comment "of ours" -j ACCEPT\n$&'),
  ),
  "a rule that stops what is not the cluster's": output(
    ["filter table"],
    (stdout) =>
      `${stdout.trimEnd()}\n-A INPUT -p tcp -m tcp --dport 111 -j REJECT --reject-with icmp-port-unreachable\n`,
  ),
  "one more listener on loopback": output(
    ["listeners"],
    (stdout) =>
      `${stdout.trimEnd()}\ntcp   LISTEN 0      5          127.0.0.1:631       0.0.0.0:*    users:(("cupsd",pid=11,fd=7))\n`,
  ),
  "another docker, another kernel": (seen) =>
    seen.fact === "docker info"
      ? { ...seen, stdout: seen.stdout.replace(/("ServerVersion":")[^"]*/, "$11.13.1") }
      : seen.fact === "system"
        ? { ...seen, stdout: `3.10.0-1160.el7.x86_64\nPRETTY_NAME="CentOS Linux 7 (Core)"\n` }
        : seen,
  "one variable more in each environment": output(["process"], (stdout) =>
    stdout.replace("=== environment\n", "$&LANG=en_US.UTF-8\n"),
  ),
  "a name's address told once, or three times": output(
    ["addresses of name"],
    (stdout) => `${stdout}${stdout}`,
  ),
};

describe("a healthy lab", function () {
  this.timeout("2m");

  for (const [name, vary] of Object.entries(harmless)) {
    it(`is healthy with ${name}`, async () => {
      const [run, { replay }] = [await kept("healthy"), await replaying()];
      const varied = run.observations.map(vary);
      expect(varied, "is another recording").to.not.deep.equal(run.observations);
      const { specs, verdict } = await replay(run.lab, varied, {
        signal: new AbortController().signal,
        ...(await asJudged(run)),
      });
      expect(
        specs.flatMap(({ status, title, error }) =>
          status === "passed" ? [] : [`${title.join(" › ")}: ${error?.message ?? ""}`],
        ),
      ).to.deep.equal([]);
      expect(verdict).to.equal("works");
    });
  }
});

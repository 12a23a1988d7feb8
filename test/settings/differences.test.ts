import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { applyDifferences, differencesOf } from "../../harness/settings/differences.ts";
import { effectsOf } from "../../harness/settings/effects.ts";
import type { Effect } from "../../harness/settings/effects.ts";
import { settingsOf } from "../../harness/settings/read.ts";
import type { Setting } from "../../harness/settings/setting.ts";
import clusterSettings from "../../specs/cluster/settings.ts";
import { aLab } from "../provision/labs.ts";
import { Random } from "../../harness/mutants/random.ts";
import { lineOf, readEdited } from "./templates.ts";
import type { Edit } from "./templates.ts";

const apiserver = "master/files/etc/kubernetes/apiserver.hbs";
const kubelet = "worker/files/etc/kubernetes/kubelet.hbs";
const config = "worker/files/etc/kubernetes/config.hbs";
const services = "guestbook/files/etc/hardway/guestbook/services.yaml";
const network = "master/files/etc/hardway/flannel-network.json.hbs";
const hosts = "every/files/etc/hosts.hbs";
const dropIn = "worker/files/etc/systemd/system/docker.service.d/forward-accept.conf";
const sysctl = "worker/files/etc/sysctl.d/90-kubernetes.conf";
const worker = "worker/role.yaml";
const step = "worker/steps/kernel-settings.sh";

/** An edit, and each difference it makes. */
const rows: readonly (readonly [what: string, edit: Edit, sentences: readonly string[]])[] = [
  [
    "a port in an address",
    { file: kubelet, from: "{{ports.apiserver.insecure}}", to: "8081" },
    ["worker1, worker2 kubelet: --api-servers http://10.146.47.100:8080 → :8081"],
  ],
  [
    "a flag that is no comment any more",
    { file: apiserver, from: '# KUBE_API_PORT="--port=8080"', to: 'KUBE_API_PORT="--port=8081"' },
    ["master kube-apiserver: --port 8081 added"],
  ],
  [
    "a first flag in a variable",
    { file: "worker/files/etc/kubernetes/proxy", from: '""', to: '"--v=4"' },
    ["worker1, worker2 kube-proxy: --v 4 added"],
  ],
  [
    "a flag for several daemons",
    { file: config, from: "--v=0", to: "--v=2" },
    ["worker1, worker2 /etc/kubernetes/config: --v 0 → 2"],
  ],
  [
    "what differs from machine to machine",
    { file: kubelet, from: "{{machine.name}}", to: "{{machine.address}}" },
    [
      "worker1 kubelet: --hostname-override worker1 → 10.146.47.110",
      "worker2 kubelet: --hostname-override worker2 → 10.146.47.111",
    ],
  ],
  [
    "a selector",
    { file: services, from: "tier: frontend }\n  ports", to: "tier: front }\n  ports" },
    ["master /etc/hardway/guestbook/services.yaml: Service frontend: spec.selector.tier frontend → front"],
  ],
  [
    "JSON",
    { file: network, from: "{{flannel.vni}}", to: "2" },
    ["master /etc/hardway/flannel-network.json: Backend.VNI 1 → 2"],
  ],
  [
    "a kernel setting",
    { file: sysctl, from: "iptables = 1", to: "iptables = 0" },
    ["worker1, worker2 /etc/sysctl.d/90-kubernetes.conf: net.bridge.bridge-nf-call-iptables 1 → 0"],
  ],
  [
    "a list of a unit",
    { file: dropIn, from: "ExecStartPost", to: "ExecStartPost=/bin/true\nExecStartPost" },
    [
      "worker1, worker2 /etc/systemd/system/docker.service.d/forward-accept.conf: [Service] ExecStartPost added /bin/true",
    ],
  ],
  [
    "a name",
    { file: hosts, from: "{{/each}}", to: "{{/each}}\n10.146.47.200 registry" },
    ["master, worker1, worker2 /etc/hosts: 10.146.47.200 registry added"],
  ],
  [
    "a line of a step",
    { file: step, from: "set -eu\n", to: "set -eu\nmodprobe vxlan\n" },
    ["worker1, worker2 step kernel-settings added modprobe vxlan"],
  ],
  [
    "a plan's order",
    {
      file: worker,
      from: "  - unit: kubelet\n  - unit: kube-proxy\n",
      to: "  - unit: kube-proxy\n  - unit: kubelet\n",
    },
    ["worker1, worker2 plan: order of worker unit kubelet moved"],
  ],
  [
    "a package",
    { file: worker, from: "docker, flannel]", to: "docker, flannel, tree]" },
    ["worker1, worker2 plan: package tree added"],
  ],
  [
    "a mode",
    { file: worker, from: "kubelet: { restarts", to: 'kubelet: { mode: "0600", restarts' },
    ["worker1, worker2 plan: mode of /etc/kubernetes/kubelet 0644 → 0600"],
  ],
  ["a comment", { file: kubelet, from: "# Add your own!", to: "# Whatever you like\n# FOO=bar" }, []],
  ["blank lines", { file: kubelet, from: "\n\n", to: "\n\n\n  \n" }, []],
  ["quoting", { file: kubelet, from: '"--address=0.0.0.0"', to: "--address=0.0.0.0" }, []],
  [
    "an order that means nothing",
    {
      file: sysctl,
      from: /^(.*\n)(.*\n)/,
      to: "net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.ip_forward=1\n",
    },
    [],
  ],
  [
    "another way to write YAML",
    {
      file: services,
      from: "{ app: guestbook, tier: frontend }\n  ports",
      to: "\n    tier: frontend\n    app: guestbook\n  ports",
    },
    [],
  ],
  ["another way to write JSON", { file: network, from: '{ "Network"', to: '{\n\t"Network"' }, []],
  [
    "a lab value in the place of its text",
    { file: "master/files/etc/etcd/etcd.conf.hbs", from: "{{machine.address}}", to: "10.146.47.100" },
    [],
  ],
];

/** Where an effect is, and what it comes to. */
const meaning = (effects: ReadonlyMap<string, Effect>): [string, readonly string[]][] =>
  [...effects]
    .map(([place, { values }]): [string, readonly string[]] => [place, values])
    .sort(([a], [b]) => (a < b ? -1 : 1));

describe("the difference between two sets of settings", () => {
  let lab: Lab;
  let base: Setting[];
  before(async () => {
    lab = await aLab();
    base = await settingsOf(lab, ownTemplates, clusterSettings(lab));
  });

  for (const [what, edit, sentences] of rows) {
    it(`tells of ${what}${sentences.length === 0 ? ": nothing" : ""}`, async () => {
      const { settings } = await readEdited(lab, [edit]);
      expect(differencesOf(base, settings).map(({ sentence }) => sentence)).to.deep.equal(sentences);
    });
  }

  it("points at the line that changed, or that is gone", async () => {
    const { settings } = await readEdited(lab, [
      { file: kubelet, from: "{{ports.apiserver.insecure}}", to: "8081" },
      { file: sysctl, from: "net.bridge.bridge-nf-call-ip6tables = 1\n", to: "" },
    ]);
    const found = differencesOf(base, settings);
    expect(
      found.map(({ source, kind }) => [kind, source.file.replace(/^.*provision\//, ""), source.line]),
    ).to.deep.equal([
      [
        "environment",
        kubelet,
        await lineOf({ file: kubelet, from: "{{ports.apiserver.insecure}}", to: "8081" }),
      ],
      ["sysctl", sysctl, 3],
    ]);
  });

  it("knows of the machines that are no more, and of new ones", async () => {
    const fewer = await aLab("embedded", (one) => {
      const machines = one.machines.filter(({ name }) => name !== "worker2");
      Object.assign(one, { machines, workers: machines.slice(1) });
    });
    const settings = await settingsOf(fewer, ownTemplates, clusterSettings(fewer));
    expect(differencesOf(base, settings).map(({ sentence }) => sentence)).to.deep.equal([
      "worker2 is gone",
      "master step stale-leases '10.146.47.110' | '10.146.47.111') return 0 ;; → '10.146.47.110') return 0 ;;",
      "master, worker1 /etc/hosts: 10.146.47.111 worker2 removed",
    ]);
    const [back] = differencesOf(settings, base);
    expect(back?.sentence).to.equal("worker2 is new");
    expect(meaning(applyDifferences(effectsOf(settings), differencesOf(settings, base)))).to.deep.equal(
      meaning(effectsOf(base)),
    );
  });

  it("is complete: made to the one, it gives the other, whatever was edited", async () => {
    const random = new Random("differences");
    const edits = rows.map(([, edit]) => edit);
    for (let round = 0; round < 25; round++) {
      const chosen = edits.filter(() => random.below(100) < 30);
      // Two edits of one place would not both be there.
      const apart = chosen.filter(
        ({ file }, index) => chosen.findIndex((one) => one.file === file) === index,
      );
      const { settings } = await readEdited(lab, apart);
      for (const [from, to] of [
        [base, settings],
        [settings, base],
      ] as const) {
        const made = applyDifferences(effectsOf(from), differencesOf(from, to));
        expect(meaning(made)).to.deep.equal(meaning(effectsOf(to)));
      }
      expect(differencesOf(settings, settings)).to.deep.equal([]);
    }
  }).timeout(60_000);
});

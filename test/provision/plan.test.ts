import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import type { Lab } from "../../harness/lab/lab.ts";
import type { MachineFile } from "../../harness/lab/schema.ts";
import { planFor } from "../../harness/provision/plan.ts";
import type { Plan, Script } from "../../harness/provision/plan.ts";
import { loadRoles } from "../../harness/provision/roles.ts";
import apiserverFlags from "../../testbed/standins/flags/kube-apiserver.ts";
import controllerManager from "../../testbed/standins/flags/kube-controller-manager.ts";
import kubeProxy from "../../testbed/standins/flags/kube-proxy.ts";
import kubeletFlags from "../../testbed/standins/flags/kubelet.ts";
import { aLab } from "./labs.ts";
import { ownTemplates } from "../../harness/paths.ts";

const plan = async (lab: Lab, machine: MachineFile): Promise<Plan> =>
  planFor(lab, machine, await loadRoles(ownTemplates));
const scripts = ({ items }: Plan): Script[] =>
  items.flatMap((item) => ("script" in item ? [item.script] : []));
const content = ({ files }: Plan, path: string): string =>
  files.find((file) => file.path === path)?.content ?? "";

/** An environment file as systemd reads it: its variables. */
const variables = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^([A-Z_]+)="(.*)"$/gm)].map(([, name = "", value = ""]) => [name, value]));

describe("a machine's plan", () => {
  const order = (made: Plan): string[] =>
    made.items.map((item) => {
      switch (item.kind) {
        case "files":
          return `files ${item.files.length}`;
        case "step":
        case "await":
          return `${item.kind} ${item.script.name}`;
        case "packages":
          return `packages ${item.names.join(" ")}`;
        case "unit":
          return `unit ${item.name}`;
        case "images":
          return `images ${item.images.length}`;
      }
    });

  it("brings a master up from the repositories to the guestbook's manifests", async () => {
    const lab = await aLab();
    expect(order(await plan(lab, lab.master))).to.deep.equal([
      "files 3",
      "step disable-other-repositories",
      "step trust-keys",
      "step no-firewall",
      "packages kubernetes-master etcd",
      "files 5",
      "step service-account-key",
      "unit etcd",
      "step flannel-network",
      "step stale-leases",
      "unit kube-apiserver",
      "unit kube-controller-manager",
      "unit kube-scheduler",
      "files 2",
    ]);
  });

  it("turns forwarding on before docker is there, and starts docker after flannel", async () => {
    const lab = await aLab();
    const made = order(await plan(lab, lab.workers[0] as MachineFile));
    expect(made.slice(made.indexOf("step no-firewall") + 1)).to.deep.equal([
      "files 2",
      "step kernel-settings",
      "packages kubernetes-node docker flannel",
      "files 5",
      "await flannel-network",
      "unit flanneld",
      "unit docker",
      "unit kubelet",
      "unit kube-proxy",
      "images 4",
    ]);
  });

  for (const name of ["centos7", "embedded"])
    describe(`on ${name}`, () => {
      let lab: Lab;
      let master: Plan;
      let worker: Plan;
      before(async () => {
        lab = await aLab(name);
        [master, worker] = [await plan(lab, lab.master), await plan(lab, lab.workers[0] as MachineFile)];
      });

      it("never turns a signature check off", () => {
        const texts = [...master.files, ...worker.files].map((file) => file.content);
        for (const text of [
          ...texts,
          ...[...scripts(master), ...scripts(worker)].map((script) => script.text),
        ])
          expect(text).to.not.match(/nogpgcheck|\bgpgcheck *= *(0|no|false)/i);
        const repositories = content(worker, "/etc/yum.repos.d/CentOS-Base.repo")
          .split(/^\[.*\]$/m)
          .slice(1);
        expect(repositories).to.have.length(lab.repositories.length);
        for (const repository of repositories)
          expect(repository)
            .to.match(/^gpgcheck=1$/m)
            .and.match(/^repo_gpgcheck=1$/m)
            .and.match(/^gpgkey=file:\/\/\/\S+$/m);
      });

      it("gives daemons only flags they know, and values in one line each", () => {
        const known: [Plan, string, string][] = [
          [master, "/etc/kubernetes/apiserver", apiserverFlags],
          [master, "/etc/kubernetes/controller-manager", controllerManager],
          [worker, "/etc/kubernetes/kubelet", kubeletFlags],
          [worker, "/etc/kubernetes/proxy", kubeProxy],
          [worker, "/etc/kubernetes/config", `${kubeletFlags}\n${kubeProxy}`],
          [master, "/etc/kubernetes/config", `${apiserverFlags}\n${controllerManager}`],
        ];
        for (const [made, path, table] of known) {
          const flags = new Set(table.split("\n").map((line) => `--${line.split("\t")[0] ?? ""}`));
          const given = variables(content(made, path));
          expect(given.size, path).to.be.greaterThan(0);
          for (const flag of [...given.values()].join(" ").match(/--[\w-]+/g) ?? [])
            expect([...flags], path).to.include(flag);
        }
      });

      it("tells each daemon where it is and where the master is", () => {
        const kubeletSettings = variables(content(worker, "/etc/kubernetes/kubelet"));
        expect(kubeletSettings.get("KUBELET_API_SERVER")).to.equal("--api-servers=http://10.146.47.100:8080");
        expect(kubeletSettings.get("KUBELET_HOSTNAME")).to.equal("--hostname-override=worker1");
        expect(variables(content(worker, "/etc/kubernetes/config")).get("KUBE_MASTER")).to.equal(
          "--master=http://10.146.47.100:8080",
        );
        const flannel = variables(content(worker, "/etc/sysconfig/flanneld"));
        expect(flannel.get("FLANNEL_ETCD_ENDPOINTS")).to.equal("http://10.146.47.100:2379");
        expect(flannel.get("FLANNEL_ETCD_PREFIX")).to.equal("/atomic.io/network");
        expect(variables(content(master, "/etc/etcd/etcd.conf")).get("ETCD_ADVERTISE_CLIENT_URLS")).to.equal(
          "http://10.146.47.100:2379",
        );
        expect(JSON.parse(content(master, "/etc/hardway/flannel-network.json"))).to.deep.equal({
          Network: "10.241.0.0/16",
          SubnetLen: 24,
          Backend: { Type: "vxlan", VNI: 1 },
        });
      });

      it("names every machine in /etc/hosts by its lab address, and only localhost by loopback", () => {
        const lines = content(worker, "/etc/hosts")
          .trim()
          .split("\n")
          .map((line) => line.split(/\s+/));
        const loopback = lines
          .filter(([address]) => /^(127\.|::1)/.test(address ?? ""))
          .flatMap(([, ...names]) => names);
        expect(loopback.every((known) => known.startsWith("localhost"))).to.equal(true);
        for (const { address, name: known } of lab.machines) expect(lines).to.deep.include([address, known]);
      });

      it("has the guestbook's three services and three deployments, in the API of 1.5", () => {
        const objects = ["services", "deployments"].flatMap((kind) =>
          parseAllDocuments(content(master, `/etc/hardway/guestbook/${kind}.yaml`)).map(
            (one) => one.toJS() as Manifest,
          ),
        );
        expect(
          objects.map(({ apiVersion, kind, metadata, spec }) => [
            apiVersion,
            kind,
            metadata.name,
            spec.replicas,
          ]),
        ).to.deep.equal([
          ["v1", "Service", "redis-master", undefined],
          ["v1", "Service", "redis-slave", undefined],
          ["v1", "Service", "frontend", undefined],
          ["extensions/v1beta1", "Deployment", "redis-master", 1],
          ["extensions/v1beta1", "Deployment", "redis-slave", 2],
          ["extensions/v1beta1", "Deployment", "frontend", 3],
        ]);
        const images = objects.flatMap(
          ({ spec }) => spec.template?.spec.containers.map(({ image }) => image) ?? [],
        );
        expect(images).to.deep.equal([
          lab.images.redisMaster.name,
          lab.images.redisSlave.name,
          lab.images.frontend.name,
        ]);
        for (const { spec } of objects.slice(3))
          expect(objects.slice(0, 3).map((service) => service.spec.selector)).to.deep.include(
            spec.template?.metadata.labels,
          );
      });
    });

  it("says every port as the lab file has it, and nowhere as daemons have it by default", async () => {
    const lab = await aLab("embedded", (one) => {
      one.ports = {
        etcd: { client: 14001, peer: 14002 },
        apiserver: { insecure: 18080, secure: 18443 },
        kubelet: { secure: 20250, readOnly: 20255, cadvisor: 14194, health: 20248 },
        vxlan: 14789,
        nodePorts: { first: 20000, last: 20100 },
      };
    });
    for (const machine of [lab.master, ...lab.workers]) {
      const made = await plan(lab, machine);
      const texts = [
        ...made.files.map(({ content: text }) => text),
        ...scripts(made).map(({ text }) => text),
      ];
      for (const line of texts.join("\n").split("\n"))
        if (!line.startsWith("#"))
          expect(line).to.not.match(/\b(2379|2380|8080|6443|10250|10255|4194|10248)\b/);
    }
    const [master, worker] = [await plan(lab, lab.master), await plan(lab, lab.workers[0] ?? lab.master)];
    const etcd = variables(content(master, "/etc/etcd/etcd.conf"));
    expect(etcd.get("ETCD_LISTEN_PEER_URLS")).to.equal("http://localhost:14002");
    expect(etcd.get("ETCD_INITIAL_ADVERTISE_PEER_URLS")).to.equal("http://localhost:14002");
    const apiserver = variables(content(master, "/etc/kubernetes/apiserver"));
    expect(apiserver.get("KUBE_API_PORT")).to.equal("--insecure-port=18080 --secure-port=18443");
    expect(apiserver.get("KUBE_SERVICE_ADDRESSES")).to.match(/ --service-node-port-range=20000-20100$/);
    const kubelet = variables(content(worker, "/etc/kubernetes/kubelet"));
    expect(kubelet.get("KUBELET_PORT")).to.equal(
      "--port=20250 --read-only-port=20255 --cadvisor-port=14194 --healthz-port=20248",
    );
    expect(JSON.parse(content(master, "/etc/hardway/flannel-network.json"))).to.have.nested.property(
      "Backend.Port",
      14789,
    );
  });

  it("lists several base URLs as yum reads them", async () => {
    const lab = await aLab("centos7", (one) =>
      one.repositories[0]?.baseurl.push("https://mirror.example/os/"),
    );
    expect(content(await plan(lab, lab.master), "/etc/yum.repos.d/CentOS-Base.repo")).to.include(
      "baseurl=https://vault.centos.org/7.9.2009/os/x86_64/\n" +
        "        https://archive.kernel.org/centos-vault/7.9.2009/os/x86_64/\n" +
        "        https://mirror.example/os/\nfailovermethod=priority\nenabled=1\n",
    );
  });
});

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    selector?: Record<string, string>;
    template?: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } };
  };
}

import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { checkSettings } from "../../harness/settings/check.ts";
import { readSettings } from "../../harness/settings/read.ts";
import clusterSettings from "../../specs/cluster/settings.ts";
import { aLab } from "../provision/labs.ts";
import { problemsOf } from "./templates.ts";
import type { Edit } from "./templates.ts";

const apiserver = "master/files/etc/kubernetes/apiserver.hbs";
const etcd = "master/files/etc/etcd/etcd.conf.hbs";
const kubelet = "worker/files/etc/kubernetes/kubelet.hbs";
const config = "worker/files/etc/kubernetes/config.hbs";
const flanneld = "worker/files/etc/sysconfig/flanneld.hbs";
const network = "master/files/etc/hardway/flannel-network.json.hbs";
const services = "guestbook/files/etc/hardway/guestbook/services.yaml";
const deployments = "guestbook/files/etc/hardway/guestbook/deployments.yaml.hbs";
const repositories = "every/files/etc/yum.repos.d/CentOS-Base.repo.hbs";
const hosts = "every/files/etc/hosts.hbs";
const sysctl = "worker/files/etc/sysctl.d/90-kubernetes.conf";
const dropIn = "worker/files/etc/systemd/system/docker.service.d/forward-accept.conf";
const worker = "worker/role.yaml";

const edit = (file: string, from: string | RegExp, to: string): Edit => ({ file, from, to });

/** What is wrong with a template, the line it is in, and what the check says of it. */
type Row = readonly [what: string, edit: Edit, line: number, says: RegExp];

/** What nobody can mean. */
const never: readonly Row[] = [
  [
    "a quote that is closed by the next line's",
    edit(config, '--allow-privileged=false"', "--allow-privileged=false"),
    19,
    /closing quote after KUBE_ALLOW_PRIV=/,
  ],
  [
    "a quote that is not closed at all",
    edit(kubelet, 'ARGS=""', 'ARGS="--v=2'),
    20,
    /closing quote after KUBELET_ARGS=/,
  ],
  [
    "a carriage return in a step",
    edit("master/steps/flannel-network.sh.hbs", /config\n/, "config\r\n"),
    4,
    /carriage return/,
  ],
  [
    "a carriage return in a sysctl",
    edit(sysctl, "ip_forward = 1\n", "ip_forward = 1\r\n"),
    1,
    /carriage return/,
  ],
  ["an unknown flag", edit(kubelet, "--api-servers", "--api-server"), 14, /--api-server, which/],
  [
    "a flag of another daemon",
    edit(kubelet, 'ARGS=""', 'ARGS="--etcd-servers=http://x:1"'),
    20,
    /--etcd-servers/,
  ],
  ["one dash for two", edit(kubelet, "--address", "-address"), 5, /`-address=0.0.0.0`/],
  ["an unknown flag of Go's own kind", edit(flanneld, "--iface", "--interface"), 12, /--interface/],
  [
    "no switch",
    edit("master/files/etc/kubernetes/config", "privileged=false", "privileged=maybe"),
    19,
    /true or false/,
  ],
  ["no number", edit(config, "--v=0", "--v=zero"), 16, /whole number for --v of kubelet and kube-proxy/],
  ["no address", edit(kubelet, "=0.0.0.0", "=0.0.0.300"), 5, /an address/],
  ["no network", edit(apiserver, "{{services}}", "10.254.0.0"), 20, /a network such as/],
  ["too small a range", edit(apiserver, "{{services}}", "10.254.0.0/30"), 20, /at least 8 addresses/],
  [
    "a port that is none",
    edit(apiserver, '# KUBE_API_PORT="--port=8080"', 'KUBE_API_PORT="--port=80800"'),
    11,
    /a port/,
  ],
  ["an unknown plug-in", edit(apiserver, "ServiceAccount,", "ServiceAccounts,"), 23, /ServiceAccounts/],
  ["JSON that is none", edit(network, "} }", "}"), 1, /expected JSON/],
  ["YAML that is none", edit(services, "selector: {", "selector: {{"), 9, /expected YAML/],
  ["an unknown backend", edit(network, "{{json flannel.backend}}", '"vxlam"'), 1, /Backend.Type: vxlam/],
  [
    "a value no service has",
    edit(services, "type: ClusterIP", "type: Clusterip"),
    29,
    /spec.type: Clusterip/,
  ],
  ["a port in quotes", edit(services, "port: 80\n", 'port: "80"\n'), 32, /a port/],
  [
    "a unit that no package brings",
    edit(worker, "kubernetes-node, docker, flannel", "kubernetes-node, docker"),
    11,
    /flanneld/,
  ],
  ["a misspelt unit", { file: worker, from: /kube-proxy/g, to: "kube-prxy" }, 14, /kube-prxy/],
  [
    "an API server without an etcd",
    edit(apiserver, /^KUBE_ETCD_SERVERS=/m, "# KUBE_ETCD_SERVERS="),
    17,
    /--etcd-servers/,
  ],
  ["a misspelt kind", edit(services, /kind: Service/, "kind: Serivce"), 3, /Serivce/],
  [
    "curly quotes around what must be there",
    edit(apiserver, '"--service-cluster-ip-range={{services}}"', "“--service-cluster-ip-range={{services}}”"),
    20,
    /--service-cluster-ip-range/,
  ],
  [
    "a misspelt variable of what must be there",
    edit(apiserver, "KUBE_ETCD_SERVERS", "KUBE_ECTD_SERVERS"),
    17,
    /--etcd-servers/,
  ],
];

/** What may be meant, but looks as if it were not. */
const suspicious: readonly Row[] = [
  ["curly quotes", edit(kubelet, '"--address=0.0.0.0"', "“--address=0.0.0.0”"), 5, /a curly quote/],
  ["a byte order mark", edit(config, /^/, "\uFEFF"), 1, /byte order mark/],
  ["a non-breaking space", edit(kubelet, 'ARGS=""', 'ARGS="--v=2\u00A0"'), 20, /non-breaking space/],
  ["a dash that is none", edit(flanneld, "--iface", "–iface"), 12, /a dash/],
  ["an exported name", edit(config, "KUBE_MASTER=", "export KUBE_MASTER="), 22, /`export KUBE_MASTER`/],
  [
    "text behind a closing quote",
    edit(kubelet, '.name}}"', '.name}}" # me'),
    11,
    /nothing behind the closing quote/,
  ],
  [
    "a misspelt variable",
    edit(kubelet, "KUBELET_API_SERVER=", "KUBELET_API_SERVERS="),
    14,
    /KUBELET_API_SERVERS/,
  ],
  ["another daemon's variable", edit(kubelet, "KUBELET_ARGS", "KUBE_PROXY_ARGS"), 20, /KUBE_PROXY_ARGS/],
  [
    "a variable etcd does not know",
    edit(etcd, "ETCD_ADVERTISE_CLIENT_URLS", "ETCD_ADVERTISE_CLIENTS"),
    17,
    /ETCD_ADVERTISE_CLIENTS/,
  ],
  [
    "the same variable twice",
    edit(flanneld, /$/, 'FLANNEL_OPTIONS="--iface=eth1"\n'),
    12,
    /FLANNEL_OPTIONS once/,
  ],
  [
    "the same flag in two variables",
    edit(kubelet, 'ARGS=""', 'ARGS="--address=10.146.47.110"'),
    5,
    /--address once/,
  ],
  ["another range than the lab's", edit(apiserver, "{{services}}", "10.253.0.0/16"), 20, /lab's services/],
  [
    "another prefix than the lab's",
    edit(flanneld, "{{flannel.prefix}}", "/coreos.com/network"),
    8,
    /lab's flannel.prefix/,
  ],
  [
    "another interface than the lab's",
    edit(flanneld, "{{flannel.interface}}", "eth0"),
    12,
    /lab's flannel.interface/,
  ],
  [
    "another network than the lab's",
    edit(network, "{{json flannel.network}}", '"10.242.0.0/16"'),
    1,
    /lab's flannel.network/,
  ],
  ["an address no machine has", edit(kubelet, "{{master.address}}", "10.146.47.99"), 14, /10\.146\.47\.99/],
  [
    "a range over the pods' network",
    edit(apiserver, "{{services}}", "10.241.0.0/17"),
    20,
    /apart from the lab's flannel.network/,
  ],
  ["a port nobody serves", edit(kubelet, ":8080", ":8081"), 14, /8081 asked/],
  [
    "a port nobody asks",
    edit(apiserver, '# KUBE_API_PORT="--port=8080"', 'KUBE_API_PORT="--port=8081"'),
    11,
    /0\.0\.0\.0:8081/,
  ],
  [
    "an address others cannot reach",
    edit(etcd, "http://0.0.0.0:2379", "http://127.0.0.1:2379"),
    17,
    /127\.0\.0\.1:2379/,
  ],
  [
    "a port that a condition asks for",
    edit("worker/awaits/flannel-network.sh.hbs", ":2379", ":2378"),
    5,
    /2378 asked/,
  ],
  [
    "a key in two places",
    edit(apiserver, "serviceaccount.key", "service.key"),
    26,
    /the key of the service accounts/,
  ],
  [
    "one end of a key alone",
    edit("master/files/etc/kubernetes/controller-manager", /"--s.*"/, '""'),
    7,
    /--service-account-private-key-file/,
  ],
  ["one name for two machines", edit(kubelet, "{{machine.name}}", "node"), 11, /name of its own/],
  [
    "a service that selects nothing",
    edit(services, /tier: frontend }\n  ports/, "tier: front }\n  ports"),
    30,
    /selects/,
  ],
  ["a service that sends elsewhere", edit(services, "targetPort: 6379", "targetPort: 6380"), 11, /6380/],
  [
    "a service at another port than asked",
    edit(services, "port: 6379\n      targetPort", "port: 6380\n      targetPort"),
    10,
    /6380/,
  ],
  [
    "a service of another name",
    edit(services, "name: redis-slave", "name: redis-slaves"),
    16,
    /a service redis-slave,/,
  ],
  [
    "an image nobody loads",
    edit(deployments, "{{json images.frontend.name}}", "frontend:v5"),
    52,
    /frontend:v5/,
  ],
  ["a misspelt field", edit(deployments, "replicas: 3", "replica: 3"), 45, /`replica`/],
  ["no pods", edit(deployments, "replicas: 3", "replicas: 0"), 45, /0 replicas/],
  ["a pod too large", edit(deployments, "100Mi", "64Gi"), 16, /64Gi/],
  ["a check switched off", edit(repositories, "gpgcheck=1\nrepo", "gpgcheck=0\nrepo"), 9, /checks to be on/],
  ["an unsigned repository", edit(repositories, /repo_gpgcheck=.*/, "repo_gpgcheck=0"), 10, /repo_gpgcheck/],
  ["another key", edit(repositories, "{{keyPath}}", "/etc/other"), 11, /gpgkey/],
  ["a repository switched off", edit(repositories, "enabled=1", "enabled=0"), 8, /enabled/],
  ["an option yum does not know", edit("every/files/etc/yum.conf", "keepcache", "kepcache"), 4, /kepcache/],
  [
    "a machine without a name",
    edit(hosts, "{{address}} {{name}}", "{{#unless @last}}\n{{address}} {{name}}\n{{/unless}}"),
    5,
    /worker2/,
  ],
  ["a machine under another address", edit(hosts, "{{address}}", "{{../master.address}}"), 4, /for worker1/],
  ["a setting systemd does not know", edit(dropIn, "ExecStartPost", "ExecStartPst"), 3, /ExecStartPst/],
  ["a section systemd does not know", edit(dropIn, "[Service]", "[Servce]"), 2, /\[Servce\]/],
  [
    "files that a drop-in takes away",
    edit(dropIn, "[Service]\n", "[Service]\nEnvironmentFile=\n"),
    3,
    /\/run\/flannel\/docker/,
  ],
  [
    "a backslash before a blank",
    edit("every/steps/trust-keys.sh.hbs", "with-fingerprint 2", "with-fingerprint \\ \n 2"),
    10,
    /blanks behind it/,
  ],
  [
    "a prefix that is left to the default",
    edit(flanneld, /^FLANNEL_ETCD_PREFIX/m, "# FLANNEL_ETCD_PREFIX"),
    8,
    /lab's flannel.prefix|--etcd-prefix/,
  ],
  [
    "a master that is left to the default",
    edit(config, /^KUBE_MASTER/m, "# KUBE_MASTER"),
    22,
    /localhost:8080 asked/,
  ],
  [
    "an empty key file",
    edit("master/files/etc/kubernetes/controller-manager", "/etc/kubernetes/serviceaccount.key", ""),
    7,
    /--service-account-private-key-file/,
  ],
  [
    "a check that is left off",
    edit("every/files/etc/yum.conf", /^localpkg/m, "# localpkg"),
    13,
    /localpkg_gpgcheck/,
  ],
  ["a switch that is neither", edit(repositories, "enabled=1", "enabled=2"), 8, /0 or 1/],
];

/** What is well meant, and works. */
const legal: readonly (readonly [what: string, edit: Edit])[] = [
  ["a cluster under etcd's default name", edit(etcd, '#ETCD_INITIAL_CLUSTER="', 'ETCD_INITIAL_CLUSTER="')],
  [
    "a proxy under another name",
    edit("worker/files/etc/kubernetes/proxy", '""', '"--hostname-override=kube1"'),
  ],
  ["another comment", edit(apiserver, "# Add your own!", "# Add your own.")],
  ["underscores in a flag", edit(kubelet, "--hostname-override", "--hostname_override")],
  ["a value apart from its flag", edit(kubelet, "--address=", "--address ")],
  ["a flag that is deprecated", edit(apiserver, '# KUBE_API_PORT="', 'KUBE_API_PORT="')],
  ["two dashes or one, as Go's own flags", edit(flanneld, "--iface", "-iface")],
  ["single quotes", edit(kubelet, 'KUBELET_ARGS=""', "KUBELET_ARGS='--v=2'")],
  ["a value over two lines", edit(kubelet, 'ARGS=""', 'ARGS="--v=2\n  --runonce=false"')],
  ["carriage returns where they are cut off", { file: kubelet, from: /\n/g, to: "\r\n" }],
  ["a kubelet on its lab address", edit(kubelet, "0.0.0.0", "{{machine.address}}")],
  [
    "a service at another port than its pods",
    edit(services, "    - port: 80\n", "    - port: 8000\n      targetPort: 80\n"),
  ],
  ["names of flannel's in another case", edit(network, '"Network"', '"network"')],
  [
    "an address of one's own to advertise",
    edit(apiserver, 'KUBE_API_ARGS="', 'KUBE_API_ARGS="--advertise-address={{machine.address}} '),
  ],
  ["a proxy for the package manager", edit("every/files/etc/yum.conf", "plugins=1", "plugins=1\nretries=3")],
];

describe("checking settings before anything is touched", () => {
  let lab: Lab;
  before(async () => {
    lab = await aLab();
  });

  for (const name of ["embedded", "centos7"]) {
    it(`finds nothing in the project's templates, on ${name}`, async () => {
      const healthy = await aLab(name);
      const cluster = clusterSettings(healthy);
      const reading = await readSettings(healthy, ownTemplates, cluster);
      expect(checkSettings(reading, { lab: healthy, cluster })).to.deep.equal([]);
    });
  }

  for (const [what, change, line, says] of never) {
    it(`refuses ${what}`, async () => {
      const problems = (await problemsOf(lab, [change])).filter(({ severity }) => severity === "refused");
      expect(
        problems.map(({ source, message }) => `${source.file}:${source.line} ${message}`),
      ).to.have.lengthOf(1);
      const [{ source, message, hint } = { source: undefined, message: "", hint: "" }] = problems;
      expect(source?.file).to.equal(change.file);
      expect(source?.line).to.equal(line);
      expect(message).to.match(says);
      expect(hint).to.not.equal("");
    });
  }

  for (const [what, change, line, says] of suspicious) {
    it(`warns of ${what}`, async () => {
      const problems = await problemsOf(lab, [change]);
      const shown = problems.map(
        ({ severity, source, message }) => `${severity} ${source.file}:${source.line} ${message}`,
      );
      const [found] = problems.filter(({ source, message }) => source.line === line && says.test(message));
      expect(found?.severity, shown.join("\n")).to.equal("warning");
    });
  }

  for (const [what, change] of legal) {
    it(`does not refuse ${what}`, async () => {
      const problems = (await problemsOf(lab, [change])).filter(({ severity }) => severity === "refused");
      expect(problems).to.deep.equal([]);
    });
  }

  it("only warns of a flag where the package is built from another source than the table", async () => {
    const stock = await aLab("centos7");
    const problems = await problemsOf(stock, [edit(kubelet, "--api-servers", "--api-server")]);
    expect(problems.map(({ severity, hint }) => [severity, hint])).to.deep.include([
      "warning",
      "did you mean --api-servers?",
    ]);
    expect(problems.some(({ severity }) => severity === "refused")).to.equal(false);
  });

  it("names both ends of what differs, on all machines, once", async () => {
    const problems = await problemsOf(lab, [
      edit(kubelet, ":8080", ":8081"),
      edit(apiserver, '# KUBE_API_PORT="', 'KUBE_API_PORT="'),
    ]);
    const [problem] = problems.filter(({ source }) => source.file === kubelet);
    expect(problems.filter(({ source }) => source.file === kubelet)).to.have.lengthOf(1);
    expect(problem?.settings.map(({ machine, key }) => `${machine} ${key}`)).to.have.members([
      "worker1 KUBELET_API_SERVER",
      "worker2 KUBELET_API_SERVER",
      "master KUBE_API_PORT",
    ]);
  });
});

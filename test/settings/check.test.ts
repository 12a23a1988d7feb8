import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { checkSettings } from "../../harness/settings/check.ts";
import { readSettings } from "../../harness/settings/read.ts";
import clusterSettings from "../../specs/cluster/settings.ts";
import { aLab } from "../provision/labs.ts";
import { lineOf, problemsOf } from "./templates.ts";
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

/** What is wrong with a template, what the check says of it, and the line it names where that is not the edit's. */
type Row = readonly [what: string, edit: Edit, says: RegExp, line?: RegExp];

/** What nobody can mean. */
const never: readonly Row[] = [
  [
    "a quote that is closed by the next line's",
    edit(config, '--allow-privileged=false"', "--allow-privileged=false"),
    /closing quote after KUBE_ALLOW_PRIV=/,
  ],
  [
    "a quote that is not closed at all",
    edit(kubelet, /ARGS="(.*)"\n/, 'ARGS="--v=2\n'),
    /closing quote after KUBELET_ARGS=/,
  ],
  [
    "a carriage return in a step",
    edit("master/steps/flannel-network.sh.hbs", /config\n/, "config\r\n"),
    /carriage return/,
  ],
  [
    "a carriage return in a sysctl",
    edit(sysctl, "ip_forward = 1\n", "ip_forward = 1\r\n"),
    /carriage return/,
  ],
  ["an unknown flag", edit(kubelet, "--api-servers", "--api-server"), /--api-server, which/],
  ["a flag of another daemon", edit(kubelet, 'ARGS="', 'ARGS="--etcd-servers=http://x:1 '), /--etcd-servers/],
  ["one dash for two", edit(kubelet, "--address", "-address"), /`-address=0.0.0.0`/],
  ["an unknown flag of Go's own kind", edit(flanneld, "--iface", "--interface"), /--interface/],
  [
    "no switch",
    edit("master/files/etc/kubernetes/config.hbs", "privileged=false", "privileged=maybe"),
    /true or false/,
  ],
  ["no number", edit(config, "--v=0", "--v=zero"), /whole number for --v of kubelet and kube-proxy/],
  ["no address", edit(kubelet, "=0.0.0.0", "=0.0.0.300"), /an address/],
  ["no network", edit(apiserver, "{{services}}", "10.254.0.0"), /a network such as/],
  ["too small a range", edit(apiserver, "{{services}}", "10.254.0.0/30"), /at least 8 addresses/],
  [
    "a port that is none",
    edit(apiserver, '# KUBE_API_PORT="--port=8080"', 'KUBE_API_PORT="--port=80800"'),
    /a port/,
  ],
  ["an unknown plug-in", edit(apiserver, "ServiceAccount,", "ServiceAccounts,"), /ServiceAccounts/],
  ["JSON that is none", edit(network, "} }", "}"), /expected JSON/],
  ["YAML that is none", edit(services, "selector: {", "selector: {{"), /expected YAML/, /^  ports:/],
  ["an unknown backend", edit(network, "{{json flannel.backend}}", '"vxlam"'), /Backend.Type: vxlam/],
  ["a value no service has", edit(services, "type: ClusterIP", "type: Clusterip"), /spec.type: Clusterip/],
  ["a port in quotes", edit(services, "port: 80\n", 'port: "80"\n'), /a port/],
  [
    "a unit that no package brings",
    edit(worker, "kubernetes-node, docker, flannel", "kubernetes-node, docker"),
    /flanneld/,
    /unit: flanneld/,
  ],
  ["a misspelt unit", { file: worker, from: /kube-proxy/g, to: "kube-prxy" }, /kube-prxy/, /unit: kube-prxy/],
  [
    "an API server without an etcd",
    edit(apiserver, /^KUBE_ETCD_SERVERS=/m, "# KUBE_ETCD_SERVERS="),
    /--etcd-servers/,
  ],
  ["a misspelt kind", edit(services, /kind: Service/, "kind: Serivce"), /Serivce/],
  [
    "curly quotes around what must be there",
    edit(apiserver, '="--service-cluster-ip-range', "=“--service-cluster-ip-range"),
    /--service-cluster-ip-range/,
  ],
  [
    "a misspelt variable of what must be there",
    edit(apiserver, "KUBE_ETCD_SERVERS", "KUBE_ECTD_SERVERS"),
    /--etcd-servers/,
  ],
];

/** What may be meant, but looks as if it were not. */
const suspicious: readonly Row[] = [
  ["curly quotes", edit(kubelet, '"--address=0.0.0.0"', "“--address=0.0.0.0”"), /a curly quote/],
  ["a byte order mark", edit(config, /^/, "\uFEFF"), /byte order mark/],
  ["a non-breaking space", edit(kubelet, 'ARGS="', 'ARGS="--v=2\u00A0 '), /non-breaking space/],
  ["a dash that is none", edit(flanneld, "--iface", "–iface"), /a dash/],
  ["an exported name", edit(config, "KUBE_MASTER=", "export KUBE_MASTER="), /`export KUBE_MASTER`/],
  [
    "text behind a closing quote",
    edit(kubelet, '.name}}"', '.name}}" # me'),
    /nothing behind the closing quote/,
  ],
  [
    "a misspelt variable",
    edit(kubelet, "KUBELET_API_SERVER=", "KUBELET_API_SERVERS="),
    /KUBELET_API_SERVERS/,
  ],
  ["another daemon's variable", edit(kubelet, "KUBELET_ARGS", "KUBE_PROXY_ARGS"), /KUBE_PROXY_ARGS/],
  [
    "a variable etcd does not know",
    edit(etcd, "ETCD_ADVERTISE_CLIENT_URLS", "ETCD_ADVERTISE_CLIENTS"),
    /ETCD_ADVERTISE_CLIENTS/,
  ],
  [
    "the same variable twice",
    edit(flanneld, /$/, 'FLANNEL_OPTIONS="--iface=eth1"\n'),
    /FLANNEL_OPTIONS once/,
    /^FLANNEL_OPTIONS/,
  ],
  [
    "the same flag in two variables",
    edit(kubelet, 'ARGS="', 'ARGS="--address=10.146.47.110 '),
    /--address once/,
    /^KUBELET_ADDRESS/,
  ],
  ["another range than the lab's", edit(apiserver, "{{services}}", "10.253.0.0/16"), /lab's services/],
  [
    "another prefix than the lab's",
    edit(flanneld, "{{flannel.prefix}}", "/coreos.com/network"),
    /lab's flannel.prefix/,
  ],
  [
    "another interface than the lab's",
    edit(flanneld, "{{flannel.interface}}", "eth0"),
    /lab's flannel.interface/,
  ],
  [
    "another network than the lab's",
    edit(network, "{{json flannel.network}}", '"10.242.0.0/16"'),
    /lab's flannel.network/,
  ],
  ["an address no machine has", edit(kubelet, "{{master.address}}", "10.146.47.99"), /10\.146\.47\.99/],
  [
    "a range over the pods' network",
    edit(apiserver, "{{services}}", "10.241.0.0/17"),
    /apart from the lab's flannel.network/,
  ],
  ["a port nobody serves", edit(kubelet, "{{ports.apiserver.insecure}}", "8081"), /8081 asked/],
  [
    "a port nobody asks",
    edit(apiserver, '# KUBE_API_PORT="--port=8080"', 'KUBE_API_PORT="--port=8081"'),
    /0\.0\.0\.0:8081/,
  ],
  [
    "an address others cannot reach",
    edit(etcd, "http://0.0.0.0:", "http://127.0.0.1:"),
    /127\.0\.0\.1:2379/,
    /^ETCD_ADVERTISE_CLIENT_URLS/,
  ],
  [
    "a port that a condition asks for",
    edit("worker/awaits/flannel-network.sh.hbs", "{{ports.etcd.client}}", "2378"),
    /2378 asked/,
  ],
  [
    "a key in two places",
    edit(apiserver, "serviceaccount.key", "service.key"),
    /the key of the service accounts/,
  ],
  [
    "one end of a key alone",
    edit("master/files/etc/kubernetes/controller-manager", /"--s.*"/, '""'),
    /--service-account-private-key-file/,
  ],
  ["one name for two machines", edit(kubelet, "{{machine.name}}", "node"), /name of its own/],
  [
    "a service that selects nothing",
    edit(services, /tier: frontend }\n  ports/, "tier: front }\n  ports"),
    /selects/,
  ],
  ["a service that sends elsewhere", edit(services, "targetPort: 6379", "targetPort: 6380"), /6380/],
  [
    "a service at another port than asked",
    edit(services, "port: 6379\n      targetPort", "port: 6380\n      targetPort"),
    /6380/,
  ],
  [
    "a service of another name",
    edit(services, "name: redis-slave", "name: redis-slaves"),
    /a service redis-slave,/,
  ],
  ["an image nobody loads", edit(deployments, "{{json images.frontend.name}}", "frontend:v5"), /frontend:v5/],
  ["a misspelt field", edit(deployments, "replicas: {{guestbook.frontends}}", "replica: 3"), /`replica`/],
  ["no pods", edit(deployments, "replicas: {{guestbook.frontends}}", "replicas: 0"), /0 replicas/],
  ["a pod too large", edit(deployments, "100Mi", "64Gi"), /64Gi/],
  ["a check switched off", edit(repositories, "gpgcheck=1\nrepo", "gpgcheck=0\nrepo"), /checks to be on/],
  ["an unsigned repository", edit(repositories, /repo_gpgcheck=.*/, "repo_gpgcheck=0"), /repo_gpgcheck/],
  ["another key", edit(repositories, "{{keyPath}}", "/etc/other"), /gpgkey/],
  ["a repository switched off", edit(repositories, "enabled=1", "enabled=0"), /enabled/],
  ["an option yum does not know", edit("every/files/etc/yum.conf", "keepcache", "kepcache"), /kepcache/],
  [
    "a machine without a name",
    edit(hosts, "{{address}} {{name}}", "{{#unless @last}}\n{{address}} {{name}}\n{{/unless}}"),
    /worker2/,
    /^\{\{address/,
  ],
  ["a machine under another address", edit(hosts, "{{address}}", "{{../master.address}}"), /for worker1/],
  ["a setting systemd does not know", edit(dropIn, "ExecStartPost", "ExecStartPst"), /ExecStartPst/],
  ["a section systemd does not know", edit(dropIn, "[Service]", "[Servce]"), /\[Servce\]/],
  [
    "files that a drop-in takes away",
    edit(dropIn, "[Service]\n", "[Service]\nEnvironmentFile=\n"),
    /\/run\/flannel\/docker/,
  ],
  [
    "a backslash before a blank",
    edit("every/steps/trust-keys.sh.hbs", "with-fingerprint 2", "with-fingerprint \\ \n 2"),
    /blanks behind it/,
  ],
  [
    "a prefix that is left to the default",
    edit(flanneld, /^FLANNEL_ETCD_PREFIX/m, "# FLANNEL_ETCD_PREFIX"),
    /lab's flannel.prefix|--etcd-prefix/,
  ],
  [
    "a master that is left to the default",
    edit(config, /^KUBE_MASTER/m, "# KUBE_MASTER"),
    /localhost:8080 asked/,
  ],
  [
    "an empty key file",
    edit("master/files/etc/kubernetes/controller-manager", "/etc/kubernetes/serviceaccount.key", ""),
    /--service-account-private-key-file/,
  ],
  [
    "a check that is left off",
    edit("every/files/etc/yum.conf", /^localpkg/m, "# localpkg"),
    /localpkg_gpgcheck/,
  ],
  ["a switch that is neither", edit(repositories, "enabled=1", "enabled=2"), /0 or 1/],
  [
    "a port other than the lab's",
    edit(kubelet, /# KUBELET_PORT=.*/, 'KUBELET_PORT="--port=10260"'),
    /lab's ports.kubelet.secure/,
  ],
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
  ["single quotes", edit(kubelet, /KUBELET_ARGS=".*"/, "KUBELET_ARGS='--v=2'")],
  ["a value over two lines", edit(kubelet, 'ARGS="', 'ARGS="--v=2\n  --runonce=false ')],
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

  for (const [what, change, says, line] of never) {
    it(`refuses ${what}`, async () => {
      const problems = (await problemsOf(lab, [change])).filter(({ severity }) => severity === "refused");
      const shown = problems.map(({ source, message }) => `${source.file}:${source.line} ${message}`);
      expect(shown, shown.join("\n")).to.have.lengthOf(1);
      const [problem] = problems;
      expect(problem?.source.file).to.equal(change.file);
      expect(problem?.source.line).to.equal(await lineOf(change, line));
      expect(problem?.message).to.match(says);
      expect(problem?.hint).to.not.equal("");
    });
  }

  for (const [what, change, says, pattern] of suspicious) {
    it(`warns of ${what}`, async () => {
      const problems = await problemsOf(lab, [change]);
      const line = await lineOf(change, pattern);
      const shown = problems.map(
        ({ severity, source, message }) => `${severity} ${source.file}:${source.line} ${message}`,
      );
      const [found] = problems.filter(({ source, message }) => source.line === line && says.test(message));
      expect(found?.severity, `line ${line}\n${shown.join("\n")}`).to.equal("warning");
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
      edit(kubelet, "{{ports.apiserver.insecure}}", "8081"),
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

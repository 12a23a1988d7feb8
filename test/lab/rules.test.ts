import { expect } from "chai";
import { complaints, edited } from "./edited.ts";
import type { Edit } from "./edited.ts";

const worker2 = "{ name: worker2, role: worker, address: 10.146.47.111, memory: 1536, cpus: 1 }";
/** What is changed in labs/embedded.yaml, and the one complaint that follows: its path, and part of what it says. */
const broken: Record<string, { edits: Edit[]; lab?: string; path: string; says: string }> = {
  "two daemons of the master on one port": {
    edits: [["services: ", "ports: { etcd: { client: 8080 } }\nservices: "]],
    path: "ports.etcd.client",
    says: "ports of its own on a master, saw 8080, where ports.apiserver.insecure listens on 8080",
  },
  "the kubelet on sshd's port": {
    edits: [["services: ", "ports: { kubelet: { secure: 22 } }\nservices: "]],
    path: "ports.kubelet.secure",
    says: "ports of its own on a worker, saw 22, where the box's sshd listens on 22",
  },
  "the API server on a port that no lab file moves": {
    edits: [["services: ", "ports: { apiserver: { secure: 10251 } }\nservices: "]],
    path: "ports.apiserver.secure",
    says: "where kube-scheduler listens on 10251",
  },
  "NodePorts over the kubelet's port": {
    edits: [["services: ", "ports: { nodePorts: { first: 10000, last: 10300 } }\nservices: "]],
    path: "ports.nodePorts",
    says: "saw 10000 to 10300, where kube-proxy listens on 10249",
  },
  "vxlan on the port of a lease": {
    edits: [["services: ", "ports: { vxlan: 68 }\nservices: "]],
    path: "ports.vxlan",
    says: "where the box's the management network's lease listens on 68",
  },
  "NodePorts that end before they begin": {
    edits: [["services: ", "ports: { nodePorts: { first: 40000 } }\nservices: "]],
    path: "ports.nodePorts",
    says: "saw 40000 to 32767, which holds none",
  },
  "flannel on the management network": {
    edits: [["interface: eth1", "interface: eth0"]],
    path: "flannel.interface",
    says: "saw `eth0`, the management network's",
  },
  "fewer frontends than workers": {
    edits: [["services: ", "guestbook: { frontends: 1 }\nservices: "]],
    path: "guestbook.frontends",
    says: "at least 2, one for each worker, saw 1",
  },
  "a network written as an address in it": {
    edits: [["network: 10.146.47.0/24", "network: 10.146.47.1/24"]],
    path: "network",
    says: "hint  write 10.146.47.0/24",
  },
  "flannel's network over the services'": {
    edits: [["services: 10.254.0.0/16", "services: 10.241.128.0/17"]],
    path: "services",
    says: "apart from flannel.network (10.241.0.0/16)",
  },
  "the lab inside flannel's network": {
    edits: [["network: 10.241.0.0/16", "network: 10.146.0.0/16"]],
    path: "flannel.network",
    says: "apart from network (10.146.47.0/24)",
  },
  "a management network without room": {
    edits: [["192.168.147.0/24", "192.168.147.0/30"]],
    path: "management",
    says: "expected room for 3 machines and the host, saw 192.168.147.0/30, which holds 2 addresses",
  },
  "two machines of one name": {
    edits: [["name: worker2", "name: worker1"]],
    path: "machines[2].name",
    says: "saw worker1 again\n  hint  machines[1] has it already",
  },
  "two machines of one address": {
    edits: [["10.146.47.111", "10.146.47.110"]],
    path: "machines[2].address",
    says: "saw 10.146.47.110 again",
  },
  "an address outside the network": {
    edits: [["10.146.47.111", "10.146.48.111"]],
    path: "machines[2].address",
    says: "an address outside it",
  },
  "the network's own address": {
    edits: [["10.146.47.111", "10.146.47.0"]],
    path: "machines[2].address",
    says: "the network's own address",
  },
  "the broadcast address": {
    edits: [["10.146.47.111", "10.146.47.255"]],
    path: "machines[2].address",
    says: "its broadcast address",
  },
  "the host's address": {
    edits: [["10.146.47.111", "10.146.47.1"]],
    path: "machines[2].address",
    says: "its first address, which is the host's",
  },
  "two masters": {
    edits: [["worker2, role: worker", "worker2, role: master"]],
    path: "machines[2].role",
    says: "expected exactly one machine with `role: master`, saw 2",
  },
  "no master": {
    edits: [["role: master", "role: worker"]],
    path: "machines",
    says: "expected exactly one machine with `role: master`, saw 0",
  },
  "no worker": {
    edits: [
      [`  - ${worker2}\n`, ""],
      ["  - { name: worker1, role: worker, address: 10.146.47.110, memory: 1536, cpus: 1 }\n", ""],
    ],
    path: "machines",
    says: "expected at least one machine with `role: worker`, saw none",
  },
  "a host name longer than Linux takes": {
    edits: [["name: worker2", `name: w${"o".repeat(63)}`]],
    path: "machines[2].name",
    says: "expected a DNS label",
  },
  "a machine called localhost": {
    edits: [["name: worker2", "name: localhost"]],
    path: "machines[2].name",
    says: "every machine calls itself that",
  },
  "a name inside another where Vagrant writes them": {
    lab: "centos7",
    edits: [["name: worker2", "name: worker10"]],
    path: "machines[1].name",
    says: "saw `worker1`, a part of `worker10`\n  hint  Vagrant removes all lines that hold the name",
  },
  "a name inside localhost's where Vagrant writes them": {
    lab: "centos7",
    edits: [["name: worker2", "name: local"]],
    path: "machines[2].name",
    says: "a part of `localhost`",
  },
  "kernel arguments that would reach nothing": {
    edits: [["addressing: kernel", "addressing: vagrant"]],
    path: "box.kernelArguments",
    says: "they reach only a directly booted box",
  },
  "two keys of one id": {
    edits: [["keys:\n", "keys:\n  - { id: testbed, fingerprint: prepared, path: /k, url: prepared:k }\n"]],
    path: "keys[1].id",
    says: "saw testbed again",
  },
  "two keys at one path": {
    lab: "centos7",
    edits: [
      [
        "keys:\n",
        "keys:\n  - { id: other, fingerprint: prepared, path: /etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7, url: prepared:k }\n",
      ],
    ],
    path: "keys[1].path",
    says: "again",
  },
  "two repositories of one id": {
    lab: "centos7",
    edits: [["- id: updates", "- id: base"]],
    path: "repositories[1].id",
    says: "saw base again",
  },
  "a repository's key that is not there": {
    lab: "centos7",
    edits: [["centos-vault/7.9.2009/updates/x86_64/\n    key: centos-7", "centos-vault/7\n    key: centos7"]],
    path: "repositories[1].key",
    says: "saw `centos7`\n  hint  known ids: centos-7",
  },
  "a box's key that is not there": {
    edits: [["  key: testbed\n  guest", "  key: other\n  guest"]],
    path: "box.key",
    says: "known ids: testbed",
  },
  "prepared values without a hook": {
    edits: [
      [
        "hooks: { prepare: testbed/prepare.ts, clean: testbed/clean.ts, packages: testbed/requirements.yaml }\n",
        "",
      ],
    ],
    path: "box.url",
    says: "saw `prepared:box/hardway-embedded.box` (and 8 more) without one",
  },
  "prepared image archives without a hook": {
    lab: "centos7",
    edits: [
      [
        "hooks: { prepare: testbed/prepare.ts, clean: testbed/clean.ts, packages: testbed/requirements.yaml }\n",
        "",
      ],
    ],
    path: "images.pause.archive",
    says: "(and 3 more) without one",
  },
  "a prepared path out of the folder": {
    edits: [["prepared:repository/", "prepared:repository/../../secrets"]],
    path: "repositories[0].baseurl[0]",
    says: "expected a path inside the folder of the prepare hook",
  },
  "subnets as large as flannel's network": {
    edits: [["subnetLen: 24", "subnetLen: 16"]],
    path: "flannel.subnetLen",
    says: "which leaves 0 subnets",
  },
  "one subnet for two workers, for the first is never leased": {
    edits: [["subnetLen: 24", "subnetLen: 17"]],
    path: "flannel.subnetLen",
    says: "which leaves 1 subnet of 10.241.0.0/16: flannel never leases the first\n  hint  18 is the least",
  },
  "a network for flannel that no subnet length can serve": {
    edits: [
      ["network: 10.241.0.0/16", "network: 10.241.0.0/27"],
      ["subnetLen: 24", "subnetLen: 28"],
    ],
    path: "flannel.subnetLen",
    says: "a shorter mask for flannel.network makes room",
  },
  "a VNI whose device has no room for its name": {
    edits: [["vni: 1", "vni: 10000000"]],
    path: "flannel.vni",
    says: "saw 10000000, which makes flannel.10000000",
  },
  "management on loopback": {
    edits: [["192.168.147.0/24", "127.0.0.0/24"]],
    path: "management",
    says: "expected addresses that machines can have, saw 127.0.0.0/24, in which there are loopback addresses",
  },
  "multicast services": {
    edits: [["services: 10.254.0.0/16", "services: 224.0.0.0/16"]],
    path: "services",
    says: "multicast addresses",
  },
  "a reserved network for flannel": {
    edits: [["network: 10.241.0.0/16", "network: 240.1.0.0/16"]],
    path: "flannel.network",
    says: "reserved addresses",
  },
  "link-local addresses for management": {
    edits: [["192.168.147.0/24", "169.254.7.0/24"]],
    path: "management",
    says: "link-local addresses",
  },
  "this host's own addresses": {
    edits: [["services: 10.254.0.0/16", "services: 0.0.0.0/12"]],
    path: "services",
    says: "addresses that mean this host",
  },
  "more services than kube-apiserver can keep": {
    edits: [["services: 10.254.0.0/16", "services: 11.0.0.0/8"]],
    path: "services",
    says: "expected a range between /12 and /28, as kube-apiserver takes it, saw 11.0.0.0/8",
  },
  "no room for services": {
    edits: [["services: 10.254.0.0/16", "services: 10.254.0.0/31"]],
    path: "services",
    says: "expected a range between /12 and /28",
  },
  "subnets without room for pods": {
    edits: [["subnetLen: 24", "subnetLen: 30"]],
    path: "flannel.subnetLen",
    says: "expected at most 28, saw 30\n  hint  with room for docker's bridge",
  },
  "more memory than there is": {
    edits: [["address: 10.146.47.111, memory: 1536", "address: 10.146.47.111, memory: 9007199254740991"]],
    path: "machines[2].memory",
    says: "expected at most 1048576",
  },
  "more processors than there are": {
    edits: [
      [
        "address: 10.146.47.111, memory: 1536, cpus: 1",
        "address: 10.146.47.111, memory: 1536, cpus: 1000000",
      ],
    ],
    path: "machines[2].cpus",
    says: "expected at most 255",
  },
  "memory without end": {
    edits: [["address: 10.146.47.111, memory: 1536", "address: 10.146.47.111, memory: .inf"]],
    path: "machines[2].memory",
    says: "saw Infinity",
  },
  "a port that no URL has": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: http://127.0.0.1:99999/x"]],
    path: "box.url",
    says: "expected a URL that can be read",
  },
  "an address that no URL has": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: http://[::1/x"]],
    path: "box.url",
    says: "expected a URL that can be read",
  },
  "a URL without a host": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: http:///x"]],
    path: "box.url",
    says: "expected an http(s) URL",
  },
  "a file on another host": {
    edits: [["url: prepared:keys/RPM-GPG-KEY-hardway-testbed", "url: file://host/x"]],
    path: "keys[0].url",
    says: "a file URL with three slashes",
  },
  "a file's slash in disguise": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: file:///x%2Fy"]],
    path: "box.url",
    says: "expected a URL that can be read",
  },
  "percent signs that mean nothing": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: file:///x/%zz.box"]],
    path: "box.url",
    says: "expected a URL that can be read",
  },
  "a box that is not there": {
    edits: [["url: prepared:box/hardway-embedded.box", "url: file:///nowhere/x.box"]],
    path: "box.url",
    says: "expected a file on this host, saw file:///nowhere/x.box, nothing there (ENOENT)",
  },
  "checksums that are a folder": {
    edits: [["checksums: prepared:box/sha256sum.txt.asc", "checksums: file:///tmp"]],
    path: "box.checksums",
    says: "saw file:///tmp, a folder",
  },
  "an archive that is not there": {
    edits: [
      [
        'redis-slave:v1", archive: "prepared:images/guestbook.tar.gz"',
        'redis-slave:v1", archive: "file:///nonexistent.tar"',
      ],
    ],
    path: "images.redisSlave.archive",
    says: "nothing there (ENOENT)",
  },
  "a repository that is no URL": {
    edits: [['baseurl: ["prepared:repository/"]', 'baseurl: ["/srv/repository"]']],
    path: "repositories[0].baseurl[0]",
    says: "expected an http(s) URL, a file URL",
  },
  "a prepared path with a query": {
    edits: [["prepared:repository/", "prepared:repository/?x"]],
    path: "repositories[0].baseurl[0]",
    says: "no ? or # behind prepared:",
  },
  "a prefix that leads up": {
    edits: [["prefix: /atomic.io/network", "prefix: /a/../b"]],
    path: "flannel.prefix",
    says: "expected an etcd path without . and ..",
  },
  "a prefix that leads nowhere": {
    edits: [["prefix: /atomic.io/network", "prefix: /."]],
    path: "flannel.prefix",
    says: "expected an etcd path without . and ..",
  },
  "a key's path that leads up": {
    edits: [["path: /etc/pki/rpm-gpg/RPM-GPG-KEY-hardway-testbed", "path: /etc/../etc/passwd"]],
    path: "keys[0].path",
    says: "expected a path without . and ..",
  },
  "a box called as the folder above": {
    edits: [["name: hardway/embedded", "name: .."]],
    path: "box.name",
    says: "expected a box name such as centos/7",
  },
  "a kernel argument of two words": {
    edits: [["    - quiet", '    - "quiet splash"']],
    path: "box.kernelArguments[4]",
    says: "expected an argument such as console=ttyS0, without blanks or quotes",
  },
  "a summary of two lines": {
    edits: [["summary: emulated", 'summary: "a\\n  hint  b"\n#']],
    path: "summary",
    says: "expected a text on one line, without control characters",
  },
  "an escape sequence": {
    edits: [["why: Vagrant and the harness", 'why: "\\e[2Jx"']],
    path: "listeners[0].why",
    says: "without control characters",
  },
  "a hook outside of the project": {
    edits: [["prepare: testbed/prepare.ts", "prepare: /etc/hostname"]],
    path: "hooks.prepare",
    says: "expected a module in the project's own folder, saw /etc/hostname, which is not of the project",
  },
  "a hook above the project": {
    edits: [["clean: testbed/clean.ts", "clean: ../../etc/hostname"]],
    path: "hooks.clean",
    says: "expected a module in the project's own folder",
  },
  "a hook that is a package's": {
    edits: [["prepare: testbed/prepare.ts", "prepare: node_modules/yaml/dist/index.js"]],
    path: "hooks.prepare",
    says: "which is not of the project",
  },
  "a hook that is a folder": {
    edits: [["prepare: testbed/prepare.ts", "prepare: testbed"]],
    path: "hooks.prepare",
    says: "saw testbed, a folder",
  },
  "a hook that is nothing": {
    edits: [["prepare: testbed/prepare.ts", 'prepare: ""']],
    path: "hooks.prepare",
    says: "expected a text that is not empty",
  },
  "a hook that is data": {
    edits: [["prepare: testbed/prepare.ts", "prepare: labs/centos7.yaml"]],
    path: "hooks.prepare",
    says: "a file of another kind",
  },
  "a hook that is not there": {
    edits: [["prepare: testbed/prepare.ts", "prepare: testbed/prepair.ts"]],
    path: "hooks.prepare",
    says: "nothing there (ENOENT)",
  },
  "packages that are no list": {
    edits: [["packages: testbed/requirements.yaml", "packages: testbed/prepare.ts"]],
    path: "hooks.packages",
    says: "expected a list of packages in the project's own folder",
  },
  "daemons misspelt": {
    edits: [["listeners:\n", "daemons: upsteam\nlisteners:\n"]],
    path: "daemons",
    says: "did you mean `upstream`?",
  },
  "daemons that are a file": {
    edits: [["listeners:\n", "daemons: package.json\nlisteners:\n"]],
    path: "daemons",
    says: "which is in no folder, but a file",
  },
  "daemons in a folder without any": {
    edits: [["listeners:\n", "daemons: labs\nlisteners:\n"]],
    path: "daemons",
    says: "saw labs, a folder without any of them",
  },
  "a prefix without a leading slash": {
    edits: [["prefix: /atomic.io/network", "prefix: atomic.io/network"]],
    path: "flannel.prefix",
    says: "expected an etcd path with a leading slash",
  },
};

/** What comes close to being refused, and is not. */
const sound: Record<string, { edits: Edit[]; lab?: string }> = {
  "neighbouring networks": { edits: [["192.168.147.0/24", "10.146.46.0/24"]] },
  "the last address before the broadcast address": { edits: [["10.146.47.111", "10.146.47.254"]] },
  "a third worker": {
    edits: [
      [worker2, `${worker2}\n  - { name: worker3, role: worker, address: 10.146.47.112, memory: 1024 }`],
    ],
  },
  "three subnets for two workers": { edits: [["subnetLen: 24", "subnetLen: 18"]] },
  "three subnets for three workers": {
    edits: [
      ["subnetLen: 24", "subnetLen: 18"],
      [worker2, `${worker2}\n  - { name: worker3, role: worker, address: 10.146.47.112, memory: 1024 }`],
    ],
  },
  "a name inside another where the kernel sets them": { edits: [["name: worker2", "name: worker10"]] },
  "the longest host name": { edits: [["name: worker2", `name: w${"o".repeat(62)}`]] },
  "ports that only move": {
    edits: [
      [
        "services: ",
        "ports: { etcd: { client: 12379 }, kubelet: { secure: 6443 }, nodePorts: { first: 20000 }, vxlan: 4789 }\nservices: ",
      ],
    ],
  },
  "another interface": { edits: [["interface: eth1", "interface: lab0"]] },
  "more frontends than workers": { edits: [["services: ", "guestbook: { frontends: 9 }\nservices: "]] },
  "the largest VNI": { edits: [["vni: 1", "vni: 9999999"]] },
  "the smallest range of services": { edits: [["services: 10.254.0.0/16", "services: 10.254.0.0/28"]] },
  "the largest range of services": {
    edits: [
      ["services: 10.254.0.0/16", "services: 10.240.0.0/12"],
      ["network: 10.241.0.0/16", "network: 10.1.0.0/16"],
    ],
  },
  "a file that is there": {
    edits: [["url: prepared:keys/RPM-GPG-KEY-hardway-testbed", "url: file:///etc/hostname"]],
  },
  "a network of a provider's": { edits: [["services: 10.254.0.0/16", "services: 203.0.112.0/20"]] },
  "two dots in a file's name": {
    edits: [["prepared:images/guestbook.tar.gz", "prepared:images/pause..tar.gz"]],
  },
};

describe("the rules of a lab file", () => {
  for (const [name, { edits, lab, path, says }] of Object.entries(broken)) {
    it(`refuses ${name}`, async () => {
      const found = await complaints(await edited(lab ?? "embedded", edits));
      expect(found.map((complaint) => /^\d+:\d+ {2}([^ ]+): /.exec(complaint)?.[1])).to.deep.equal([path]);
      expect(found.join()).to.contain(says);
    });
  }

  for (const [name, { edits, lab }] of Object.entries(sound)) {
    it(`accepts ${name}`, async () => {
      expect(await complaints(await edited(lab ?? "embedded", edits))).to.deep.equal([]);
    });
  }
});

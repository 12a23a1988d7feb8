import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { fateOf, filterTable, type Packet } from "../../harness/facts/filter.ts";
import { parsed } from "./parsers.ts";

/** What docker 1.13 and Kubernetes 1.5 leave on a worker, as iptables 1.4.21 prints it. */
const worker = `-P INPUT ACCEPT
-P FORWARD ACCEPT
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-ISOLATION
-N KUBE-FIREWALL
-A INPUT -j KUBE-FIREWALL
-A FORWARD -j DOCKER-ISOLATION
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-ISOLATION -j RETURN
-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP
`;

const toKubelet: Packet = {
  chain: "INPUT",
  protocol: "tcp",
  from: "10.146.47.100",
  to: "10.146.47.110",
  port: 10250,
  in: "eth1",
};
const betweenPods: Packet = {
  chain: "FORWARD",
  protocol: "tcp",
  from: "10.241.99.2",
  to: "10.241.15.2",
  port: 80,
  in: "flannel.1",
  out: "docker0",
};

const fate = (text: string, packet: Packet) => fateOf(parsed(filterTable, text), packet);
const before = (rule: string) => worker.replace("-A FORWARD -j DOCKER-ISOLATION", `${rule}\n$&`);

describe("the filter table", () => {
  it("is read with policies and rules, in order", () => {
    const { policies, rules } = parsed(filterTable, worker);
    expect(policies).to.deep.equal({ INPUT: "ACCEPT", FORWARD: "ACCEPT", OUTPUT: "ACCEPT" });
    expect(rules[0]).to.deep.equal({ chain: "INPUT", text: "-j KUBE-FIREWALL" });
    expect(rules).to.have.lengthOf(8);
  });

  it("judges nothing where iptables says nothing", () => {
    expect(() => parsed(filterTable, { code: 127, stderr: "iptables: not found" })).to.throw(NotJudged);
  });

  it("lets a healthy worker's traffic through", () => {
    expect(fate(worker, toKubelet)).to.deep.equal({ passes: true, by: "-P INPUT ACCEPT" });
    expect(fate(worker, betweenPods).passes).to.equal(true);
  });

  const rejecting: [rule: string, packet: Packet, by?: string][] = [
    ["-A FORWARD -j REJECT --reject-with icmp-host-prohibited", betweenPods],
    ["-A INPUT -j REJECT --reject-with icmp-host-prohibited", toKubelet],
    ["-A INPUT -p tcp -m tcp --dport 10250 -j DROP", toKubelet],
    ["-A INPUT -p tcp -m multiport --dports 22,10240:10260 -j DROP", toKubelet],
    ["-A INPUT -s 10.146.47.0/24 ! -i lo -j DROP", toKubelet],
    ["-A INPUT -p tcp -m state --state NEW -j REJECT --reject-with icmp-port-unreachable", toKubelet],
    ['-A FORWARD -i flannel+ -m comment --comment "a -j ACCEPT in words" -j DROP', betweenPods],
    ["-A FORWARD ! -s 10.241.15.0/24 -d 10.241.15.2/32 -j DROP", betweenPods],
  ];
  for (const [rule, packet] of rejecting) {
    it(`stops it by ${rule}`, () => {
      expect(fate(before(rule), packet)).to.deep.equal({ passes: false, by: rule });
    });
  }

  const passing: [rule: string, packet: Packet][] = [
    ["-A INPUT -p udp -j DROP", toKubelet],
    ["-A INPUT -p tcp -m tcp --dport 10251 -j DROP", toKubelet],
    ["-A INPUT ! -s 10.146.47.0/24 -j DROP", toKubelet],
    ["-A INPUT -m conntrack --ctstate INVALID -j DROP", toKubelet],
    ["-A FORWARD -i eth1 -j DROP", betweenPods],
    ["-A INPUT -j LOG --log-prefix x", toKubelet],
  ];
  for (const [rule, packet] of passing) {
    it(`lets it through in spite of ${rule}`, () => {
      expect(fate(before(rule), packet).passes).to.equal(true);
    });
  }

  it("goes by the policy where no rule decides", () => {
    const dropping = worker.replace("-P INPUT ACCEPT", "-P INPUT DROP");
    expect(fate(dropping, toKubelet)).to.deep.equal({ passes: false, by: "-P INPUT DROP" });
  });

  it("follows a chain of somebody else's and comes back from it", () => {
    const own = before("-A FORWARD -j mine").replace("-N DOCKER\n", "$&-N mine\n");
    expect(fate(`${own}-A mine -s 10.241.99.2/32 -j REJECT\n`, betweenPods)).to.deep.equal({
      passes: false,
      by: "-A mine -s 10.241.99.2/32 -j REJECT",
    });
    expect(fate(`${own}-A mine -j RETURN\n-A mine -j DROP\n`, betweenPods).passes).to.equal(true);
  });
});

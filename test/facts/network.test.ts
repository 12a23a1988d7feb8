import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NotJudged } from "../../harness/errors.ts";
import { links, routes } from "../../harness/facts/links.ts";
import { isProcess, listeners } from "../../harness/facts/listeners.ts";
import { ping } from "../../harness/facts/ping.ts";
import { project } from "../../harness/paths.ts";
import { parsed } from "./parsers.ts";

const debian = `Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
udp   UNCONN 0      0            0.0.0.0:8472      0.0.0.0:*
udp   UNCONN 0      0      192.168.147.12%eth0:68   0.0.0.0:*    users:(("systemd-network",pid=211,fd=18))
tcp   LISTEN 0      4096       127.0.0.1:2380      0.0.0.0:*    users:(("etcd",pid=30213,fd=7))
tcp   LISTEN 0      4096               *:2379            *:*    users:(("etcd",pid=30213,fd=8),("etcd",pid=30213,fd=9))
tcp   LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=401,fd=4))
tcp   LISTEN 0      128            [::1]:6010         [::]:*    users:(("sshd",pid=401,fd=9))
`;

/** Upstream's iproute2 4.11: its columns and addresses. */
const old = `Netid State      Recv-Q Send-Q Local Address:Port               Peer Address:Port
udp   UNCONN     0      0         *:8472                  *:*
udp   UNCONN     0      0         *:68                    *:*                   users:(("dhclient",pid=742,fd=6))
tcp   LISTEN     0      128       *:22                    *:*                   users:(("sshd",pid=1003,fd=3))
tcp   LISTEN     0      128    127.0.0.1:10248                 *:*                   users:(("kubelet",pid=3331,fd=8))
tcp   LISTEN     0      128      :::8080                 :::*                   users:(("kube-apiserver",pid=2201,fd=42))
tcp   LISTEN     0      128     ::1:25                   :::*                   users:(("master",pid=1177,fd=14))
`;

describe("listeners", () => {
  it("are read as iproute2 6 writes them", () => {
    expect(
      parsed(listeners, debian).map(({ protocol, address, port, scope, ipv4, processes }) => [
        protocol,
        address,
        port,
        scope,
        ipv4,
        processes.join(),
      ]),
    ).to.deep.equal([
      ["udp", "0.0.0.0", 8472, "every", true, ""],
      ["udp", "192.168.147.12", 68, "one", true, "systemd-network"],
      ["tcp", "127.0.0.1", 2380, "loopback", true, "etcd"],
      ["tcp", "*", 2379, "every", true, "etcd"],
      ["tcp", "::", 22, "every", false, "sshd"],
      ["tcp", "::1", 6010, "loopback", false, "sshd"],
    ]);
  });

  it("are read as iproute2 4.11 writes them, where ::: may be both families", () => {
    expect(
      parsed(listeners, old).map(({ protocol, port, scope, ipv4 }) => [protocol, port, scope, ipv4]),
    ).to.deep.equal([
      ["udp", 8472, "every", true],
      ["udp", 68, "every", true],
      ["tcp", 22, "every", true],
      ["tcp", 10248, "loopback", true],
      ["tcp", 8080, "every", true],
      ["tcp", 25, "loopback", false],
    ]);
  });

  it("are read as CentOS 7.8 and 7.9 write them, where [::] may be both families", async () => {
    const table = await readFile(join(project, "test", "centos7", "samples", "listeners.txt"), "utf8");
    const tcp = parsed(listeners, table).filter(({ protocol }) => protocol === "tcp");
    expect(
      tcp.map(({ address, port, scope, ipv4, processes }) => [address, port, scope, ipv4, processes.join()]),
    ).to.deep.equal([
      ["*", 111, "every", true, "rpcbind"],
      ["*", 22, "every", true, "sshd"],
      ["127.0.0.1", 25, "loopback", true, "master"],
      ["::", 111, "every", false, "rpcbind"],
      ["::", 22, "every", false, "sshd"],
      ["::1", 25, "loopback", false, "master"],
      ["::", 6443, "every", true, "kube-apiserver"],
      ["::", 8080, "every", true, "kube-apiserver"],
      ["::", 10250, "every", true, "kubelet"],
      ["::", 10252, "every", true, "kube-controller"],
    ]);
  });

  it("are read with a device, a mapped address and an address of one link, in every form", () => {
    const header = "Netid State      Recv-Q Send-Q Local Address:Port               Peer Address:Port\n";
    const one = (local: string, peer: string, head = header) => {
      const row = `tcp   LISTEN     0      128    ${local}      ${peer}                   users:(("etcd",pid=1,fd=2))\n`;
      const [listener] = parsed(listeners, head + row);
      return [listener?.address, listener?.port, listener?.scope, listener?.ipv4];
    };
    expect(one("*%eth0:2379", "*:*")).to.deep.equal(["*", 2379, "one", true]);
    expect(one("[::]%eth0:2379", "[::]:*")).to.deep.equal(["::", 2379, "one", true]);
    expect(one("[fe80::1%eth0]:2379", "[::]:*")).to.deep.equal(["fe80::1", 2379, "one", false]);
    expect(one("[fe80::1]%eth0:2379", "[::]:*")).to.deep.equal(["fe80::1", 2379, "one", false]);
    expect(one("::ffff:127.0.0.1:2379", ":::*")).to.deep.equal(["::ffff:127.0.0.1", 2379, "loopback", true]);
    expect(one("[::ffff:10.1.2.3]:2379", "[::]:*")).to.deep.equal(["::ffff:10.1.2.3", 2379, "one", true]);
    const later = header.replace(/\n$/, "Process\n");
    expect(one("[::]:2379", "[::]:*", later), "no IPv4 listener at all").to.deep.equal([
      "::",
      2379,
      "every",
      false,
    ]);
    expect(one("*:2379", "*:*", later)).to.deep.equal(["*", 2379, "every", true]);
  });

  it("judge nothing without ss's table", () => {
    expect(() => parsed(listeners, { code: 127, stderr: "sh: ss: not found" })).to.throw(NotJudged);
  });

  it("belong to a program by its name, cut short too", () => {
    expect(isProcess("kube-controller-manager", "kube-controller")).to.equal(true);
    expect(isProcess("kube-apiserver", "kube-apiserve")).to.equal(true);
    expect(isProcess("kubelet", "kube")).to.equal(false);
    expect(isProcess("kube-proxy", "kube-apiserver")).to.equal(false);
  });
});

describe("links", () => {
  const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
4: eth1@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether ca:66:51:6c:01:27 brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
    veth numtxqueues 2 numrxqueues 2
    inet 10.146.47.110/24 scope global eth1
       valid_lft forever preferred_lft forever
    inet6 fe80::c866:51ff:fe6c:127/64 scope link tentative
5: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default
    link/ether 72:d2:dc:1a:d1:32 brd ff:ff:ff:ff:ff:ff promiscuity 0
    vxlan id 1 local 10.146.47.110 dev eth1 srcport 0 0 dstport 8472 nolearning ageing 300
    inet 10.241.15.0/32 scope global flannel.1
       valid_lft forever preferred_lft forever
6: docker0: <NO-CARRIER,BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default
    link/ether e2:08:f6:f1:e1:df brd ff:ff:ff:ff:ff:ff promiscuity 0
`;

  it("are read with addresses, and a vxlan's particulars", () => {
    const [lo, eth1, flannel, docker0] = parsed(links, text);
    expect(lo).to.include({ name: "lo", up: true, mtu: 65536 });
    expect(eth1).to.deep.equal({
      name: "eth1",
      up: true,
      mtu: 1500,
      mac: "ca:66:51:6c:01:27",
      addresses: ["10.146.47.110/24"],
      vxlan: undefined,
    });
    expect(flannel).to.deep.equal({
      name: "flannel.1",
      up: true,
      mtu: 1450,
      mac: "72:d2:dc:1a:d1:32",
      addresses: ["10.241.15.0/32"],
      vxlan: { vni: 1, local: "10.146.47.110", device: "eth1" },
    });
    expect(docker0).to.include({ name: "docker0", up: false });
    expect(docker0?.addresses).to.deep.equal([]);
  });

  it("judge nothing where ip says nothing", () => {
    expect(() => parsed(links, { code: 127 })).to.throw(NotJudged);
  });
});

describe("routes", () => {
  it("are read with device, gateway and source", () => {
    const text =
      "default via 192.168.147.1 dev eth0 proto dhcp metric 100 \n10.241.0.0/16 dev flannel.1 scope link \n10.241.15.0/24 dev docker0 proto kernel scope link src 10.241.15.1 linkdown \nunreachable 10.9.0.0/16 \n";
    expect(parsed(routes, text)).to.deep.equal([
      { to: "default", device: "eth0", source: undefined },
      { to: "10.241.0.0/16", device: "flannel.1", source: undefined },
      { to: "10.241.15.0/24", device: "docker0", source: "10.241.15.1" },
      { to: "10.9.0.0/16", device: undefined, source: undefined },
    ]);
  });
});

describe("pings", () => {
  const statistics = (received: number) =>
    `PING 10.241.99.1 (10.241.99.1) 56(84) bytes of data.\n\n--- 10.241.99.1 ping statistics ---\n3 packets transmitted, ${received} received, 0% packet loss, time 402ms\n`;

  it("are counted", () => {
    expect(parsed(ping, statistics(3), "10.241.99.1")).to.deep.equal({ sent: 3, received: 3 });
    expect(parsed(ping, { stdout: statistics(0), code: 1 }, "10.241.99.1")).to.deep.equal({
      sent: 3,
      received: 0,
    });
  });

  it("are counted with errors of the network among them", () => {
    const text = "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 400ms\n";
    expect(parsed(ping, { stdout: text, code: 1 }, "10.241.99.1")).to.deep.equal({ sent: 3, received: 0 });
  });

  it("are none where there is no way", () => {
    const stderr = "connect: Network is unreachable\n";
    expect(parsed(ping, { stderr, code: 2 }, "10.241.99.1")).to.deep.equal({ sent: 0, received: 0 });
  });

  it("judge nothing without ping", () => {
    expect(() => parsed(ping, { code: 127, stderr: "sh: ping: not found" }, "10.241.99.1")).to.throw(
      NotJudged,
    );
  });
});

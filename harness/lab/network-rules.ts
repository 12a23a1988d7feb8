import { hostCount, maskLength, networkAddress, overlaps } from "./addresses.ts";
import { dockerBridge, managementInterface, vxlanDevice } from "./names.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import type { LabInput } from "./schema.ts";

type Networks = Pick<LabInput, "network" | "management" | "flannel" | "services">;

/** A lab's networks, each with its path in the lab file. */
export const networksOf = (lab: Networks): { cidr: string; path: string[] }[] => [
  { cidr: lab.network, path: ["network"] },
  { cidr: lab.management, path: ["management"] },
  { cidr: lab.flannel.network, path: ["flannel", "network"] },
  { cidr: lab.services, path: ["services"] },
];

const networks = ["network", "management", "flannel.network", "services"];

const wholeNetworks: Rule = {
  needs: networks,
  check: (lab) =>
    networksOf(lab).flatMap(({ cidr, path }): Problem[] => {
      const whole = `${networkAddress(cidr)}/${maskLength(cidr)}`;
      if (whole === cidr) return [];
      return [{ path, expected: "a network", saw: `${cidr}, an address in one`, hint: `write ${whole}` }];
    }),
};

const apart: Rule = {
  needs: networks,
  check: (lab) =>
    networksOf(lab).flatMap(({ cidr, path }, index, all) =>
      all
        .slice(0, index)
        .filter((other) => overlaps(cidr, other.cidr))
        .map((other) => ({
          path,
          expected: `a network apart from ${other.path.join(".")} (${other.cidr})`,
          saw: cidr,
          hint: "each network needs addresses of its own, or packets for one go to another",
        })),
    ),
};

/** Addresses that no machine can have, by RFC 6890 and RFC 5771. */
const unusable: [cidr: string, what: string][] = [
  ["0.0.0.0/8", "addresses that mean this host"],
  ["127.0.0.0/8", "loopback addresses"],
  ["169.254.0.0/16", "link-local addresses"],
  ["224.0.0.0/4", "multicast addresses"],
  ["240.0.0.0/4", "reserved addresses"],
];

const unicast: Rule = {
  needs: networks,
  check: (lab) =>
    networksOf(lab).flatMap(({ cidr, path }): Problem[] => {
      const met = unusable.find(([range]) => overlaps(cidr, range));
      if (met === undefined) return [];
      return [
        {
          path,
          expected: "addresses that machines can have",
          saw: `${cidr}, in which there are ${met[1]}`,
          hint: "10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 are for networks such as this",
        },
      ];
    }),
};

/**
 * kube-apiserver 1.5.2 ends at once where the range has more than 20 bits ("Specified --service-cluster-ip-range is too
 * large", kubernetes verifyClusterIPFlags), and the cluster's own and the guestbook's services need some addresses.
 */
const serviceRange: Rule = {
  needs: ["services"],
  check: ({ services }) => {
    const mask = maskLength(services);
    if (mask >= 12 && mask <= 28) return [];
    return [
      {
        path: ["services"],
        expected: "a range between /12 and /28, as kube-apiserver takes it",
        saw: services,
        hint: "10.254.0.0/16 is usual",
      },
    ];
  },
};

const room: Rule = {
  needs: ["network", "management", "machines.length"],
  check: (lab) =>
    (["network", "management"] as const)
      .filter((name) => hostCount(lab[name]) < lab.machines.length + 1)
      .map((name) => ({
        path: [name],
        expected: `room for ${lab.machines.length} machines and the host`,
        saw: `${lab[name]}, which holds ${hostCount(lab[name])} addresses`,
        hint: "a shorter mask, such as /24, makes a larger network",
      })),
};

/** flannel leases subnets of that length, but never the first one (facts/centos7.md §7). */
const enoughSubnets: Rule = {
  needs: ["flannel.network", "flannel.subnetLen", "machines.*.role"],
  check: ({ flannel, machines }) => {
    const workers = machines.filter((machine) => machine.role === "worker").length;
    const mask = maskLength(flannel.network);
    const capacity = flannel.subnetLen > mask ? 2 ** (flannel.subnetLen - mask) - 1 : 0;
    if (capacity >= workers && capacity > 0) return [];
    const needed = mask + Math.ceil(Math.log2(Math.max(workers, 1) + 1));
    const counted = `${capacity} ${capacity === 1 ? "subnet" : "subnets"} of ${flannel.network}`;
    return [
      {
        path: ["flannel", "subnetLen"],
        expected: `subnets for ${workers} workers, one each`,
        saw: `${flannel.subnetLen}, which leaves ${counted}: flannel never leases the first`,
        hint:
          needed <= 28
            ? `${needed} is the least that serves them; 24 is usual in a /16`
            : "a shorter mask for flannel.network makes room for more",
      },
    ];
  },
};

/** The device's name, flannel.VNI, is an interface name: at most 15 characters. */
const deviceName: Rule = {
  needs: ["flannel.vni"],
  check: ({ flannel }) => {
    if (vxlanDevice(flannel).length <= 15) return [];
    const saw = `${flannel.vni}, which makes ${vxlanDevice(flannel)}`;
    const expected = "a number that leaves the device's name within the 15 characters of an interface name";
    return [{ path: ["flannel", "vni"], expected, saw, hint: "any number up to 9999999" }];
  },
};

/** Interfaces that are there already, for something else. */
const interfaceOfLab: Rule = {
  needs: ["flannel.interface", "flannel.vni"],
  check: ({ flannel }) => {
    const others: Record<string, string> = {
      [managementInterface]: "the management network's, whose addresses nobody knows beforehand",
      [dockerBridge]: "docker's bridge",
      [vxlanDevice(flannel)]: "the device that flannel makes on top of it",
      lo: "by which no machine reaches another",
    };
    const what = others[flannel.interface];
    if (what === undefined) return [];
    return [
      {
        path: ["flannel", "interface"],
        expected: "the machines' interface in the lab's network",
        saw: `\`${flannel.interface}\`, ${what}`,
        hint: "eth1 in the labs of the project; a directly booted box gives it any name the lab file says",
      },
    ];
  },
};

export const networkRules = [
  wholeNetworks,
  unicast,
  serviceRange,
  apart,
  room,
  enoughSubnets,
  deviceName,
  interfaceOfLab,
];

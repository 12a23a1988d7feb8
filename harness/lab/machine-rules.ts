import { broadcastAddress, contains, firstAddress, networkAddress } from "./addresses.ts";
import type { Problem } from "./problem.ts";
import { repetitions } from "./rule.ts";
import type { Rule } from "./rule.ts";

const ownNames: Rule = {
  needs: ["machines.*.name"],
  check: ({ machines }) =>
    repetitions(
      "machines",
      "name",
      machines.map((machine) => machine.name),
    ),
};

const ownAddresses: Rule = {
  needs: ["machines.*.address"],
  check: ({ machines }) =>
    repetitions(
      "machines",
      "address",
      machines.map((machine) => machine.address),
    ),
};

const usableAddresses: Rule = {
  needs: ["machines.*.address", "network"],
  check: ({ machines, network }) =>
    machines.flatMap(({ address }, index): Problem[] => {
      const trouble = [
        { is: !contains(network, address), what: "an address outside it" },
        { is: address === networkAddress(network), what: "the network's own address" },
        { is: address === broadcastAddress(network), what: "its broadcast address" },
        { is: address === firstAddress(network), what: "its first address, which is the host's" },
      ].find(({ is }) => is);
      if (trouble === undefined) return [];
      return [
        {
          path: ["machines", index, "address"],
          expected: `an address for a machine in ${network}`,
          saw: `${address}, ${trouble.what}`,
          hint: `any from the second to the last but one of ${network}`,
        },
      ];
    }),
};

const oneMaster: Rule = {
  needs: ["machines.*.role"],
  check: ({ machines }) => {
    const masters = machines.flatMap(({ role }, index) => (role === "master" ? [index] : []));
    const problem = { expected: "exactly one machine with `role: master`", saw: `${masters.length}` };
    if (masters.length === 0) {
      return [{ ...problem, path: ["machines"], hint: "give one machine `role: master`" }];
    }
    const hint = "etcd and the Kubernetes master run on one machine; make the others workers";
    return masters.slice(1).map((index) => ({ ...problem, path: ["machines", index, "role"], hint }));
  },
};

const someWorker: Rule = {
  needs: ["machines.*.role"],
  check: ({ machines }) => {
    if (machines.some((machine) => machine.role === "worker")) return [];
    const hint = "add a machine with `role: worker`; two show the network between workers";
    return [{ path: ["machines"], expected: "at least one machine with `role: worker`", saw: "none", hint }];
  },
};

/** So that the guestbook runs on every worker: pods of one service are spread as far as there are nodes. */
const frontendForEachWorker: Rule = {
  needs: ["machines.*.role", "guestbook.frontends"],
  check: ({ machines, guestbook }) => {
    const workers = machines.filter((machine) => machine.role === "worker").length;
    const frontends = guestbook?.frontends;
    if (frontends === undefined || frontends >= workers) return [];
    return [
      {
        path: ["guestbook", "frontends"],
        expected: `at least ${workers}, one for each worker`,
        saw: String(frontends),
        hint: "leave it out: as many are taken as there are workers, and at least three",
      },
    ];
  },
};

const loopbackNames = "localhost localhost.localdomain localhost4.localdomain4 localhost6.localdomain6";

/** Vagrant, when it sets a name, removes every line of /etc/hosts that holds it anywhere (facts/centos7.md §3). */
const separableNames: Rule = {
  needs: ["machines.*.name", "box.addressing"],
  check: ({ machines, box }) => {
    if (box.addressing !== "vagrant") return [];
    return machines.flatMap(({ name }, index): Problem[] => {
      const longer = machines.find((other) => other.name !== name && other.name.includes(name))?.name;
      const hidden = longer ?? (loopbackNames.includes(name) ? "localhost" : undefined);
      if (hidden === undefined) return [];
      return [
        {
          path: ["machines", index, "name"],
          expected: "a name that is no part of another in /etc/hosts",
          saw: `\`${name}\`, a part of \`${hidden}\``,
          hint: `Vagrant removes all lines that hold the name, ${hidden}'s too; worker1, worker2 … are safe`,
        },
      ];
    });
  },
};

/** Whoever sets the names, this one is taken. */
const notLocalhost: Rule = {
  needs: ["machines.*.name", "box.addressing"],
  check: ({ machines, box }) =>
    machines.flatMap(({ name }, index) =>
      name !== "localhost" || box.addressing === "vagrant"
        ? []
        : [
            {
              path: ["machines", index, "name"],
              expected: "a name of its own",
              saw: "`localhost`",
              hint: "every machine calls itself that",
            },
          ],
    ),
};

const kernelArgumentsUsed: Rule = {
  needs: ["box.addressing", "box.kernelArguments"],
  check: ({ box }) => {
    const given = box.kernelArguments ?? [];
    if (box.addressing === "kernel" || given.length === 0) return [];
    const expected = "no kernel arguments where `box.addressing` is vagrant";
    const saw = given.join(" ");
    const hint = "they reach only a directly booted box: `addressing: kernel`, or remove them";
    return [{ path: ["box", "kernelArguments"], expected, saw, hint }];
  },
};

export const machineRules = [
  ownNames,
  ownAddresses,
  usableAddresses,
  oneMaster,
  someWorker,
  frontendForEachWorker,
  separableNames,
  notLocalhost,
  kernelArgumentsUsed,
];

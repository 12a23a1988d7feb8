import { expect } from "chai";
import {
  about,
  budget,
  claim,
  eventually,
  fateOf,
  Hopeless,
  isProcess,
  lab,
  portsOf,
  type ExpectedPort,
  type Listener,
  type SpecMachine,
} from "../harness/judge/index.ts";

const ports = portsOf(lab);
const reach = { every: "every address", loopback: "loopback alone" };

/** The sockets on a port, of which there is at least one. */
function socketsOn(
  machine: SpecMachine,
  { protocol, port, watched }: ExpectedPort,
  seen: Listener[],
): Listener[] {
  const others = seen.filter((listener) => listener.protocol === protocol);
  const found = others.filter((listener) => listener.port === port);
  const list = [...new Set(others.map((listener) => listener.port))]
    .sort((one, other) => one - other)
    .join(", ");
  claim(found.length > 0, about(machine, watched), `${protocol} ${port} to be listening`, list);
  return found;
}

const isExpected = (listener: Listener, { protocol, port }: ExpectedPort): boolean =>
  listener.protocol === protocol && listener.port === port;

/** A listener that the lab file says the box itself brings. */
const isOfBox = ({ protocol, port, processes }: Listener): boolean =>
  lab.listeners.some(
    (known) =>
      known.protocol === protocol &&
      (known.port ?? port) === port &&
      (known.process === undefined || processes.some((seen) => isProcess(known.process ?? "", seen))),
  );

/** The NodePorts of services there are, which kube-proxy holds open on each worker. */
async function nodePorts(): Promise<number[]> {
  return (await lab.master.services()).flatMap((service) => service.nodePorts);
}

describe("ports", () => {
  for (const machine of lab.machines) {
    describe(machine.name, () => {
      for (const expected of ports[machine.role]) {
        const { protocol, port, scope, process, watched } = expected;
        const name = `${protocol} ${port}`;

        it(`listens on ${name} for ${process ?? "vxlan"}, on ${reach[scope]}`, () =>
          eventually(
            async () => {
              const sockets = socketsOn(machine, expected, await machine.listeners());
              const right =
                scope === "loopback"
                  ? sockets.every((socket) => socket.scope === "loopback")
                  : sockets.some((socket) => socket.scope === "every" && socket.ipv4);
              if (right) return;
              // A socket stays on its address for as long as its daemon runs.
              const saw = sockets.map(({ address }) => address).join(", ");
              throw new Hopeless(
                `${about(machine, watched)}: expected ${name} on ${reach[scope]}, saw ${saw}`,
              );
            },
            { within: budget.listener },
          ));

        it(`has ${name} owned by ${process ?? "the kernel"}`, () =>
          eventually(
            async () => {
              const sockets = socketsOn(machine, expected, await machine.listeners());
              const owners = [...new Set(sockets.flatMap(({ processes }) => processes))];
              const right =
                process === undefined
                  ? owners.length === 0
                  : owners.length > 0 && owners.every((owner) => isProcess(process, owner));
              claim(
                right,
                about(machine, watched),
                `${name} to belong to ${process ?? "the kernel"}`,
                owners.join(", "),
              );
            },
            { within: budget.listener },
          ));
      }

      it("lets others in to all that it listens for", async () => {
        const table = await machine.filterTable();
        const stopped = ports[machine.role]
          .filter(({ scope }) => scope === "every")
          .flatMap(({ protocol, port }) =>
            lab.machines
              .filter((other) => other !== machine)
              .map(({ address: from }) => {
                const way = { in: lab.flannel.interface, from, to: machine.address };
                return {
                  name: `${protocol} ${port}`,
                  ...fateOf(table, { chain: "INPUT", protocol, port, ...way }),
                };
              }),
          )
          .filter(({ passes }) => !passes)
          .map(({ name, by }) => `${name} stopped by ${by}`);
        expect([...new Set(stopped)], about(machine, "input")).to.deep.equal([]);
      });

      it("listens on nothing else beyond loopback", async () => {
        const others = (await machine.listeners()).filter(
          (listener) =>
            listener.scope !== "loopback" &&
            !ports[machine.role].some((expected) => isExpected(listener, expected)) &&
            !isOfBox(listener),
        );
        const held = others.some(({ processes }) => processes.includes("kube-proxy"))
          ? await nodePorts()
          : [];
        const unexpected = others.filter(
          ({ port, processes }) => !(processes.includes("kube-proxy") && held.includes(port)),
        );
        expect(
          unexpected.map(({ protocol, address, port, processes }) =>
            `${protocol} ${address}:${port} ${processes.join(" ")}`.trim(),
          ),
          about(machine, "listeners", "beyond those of the cluster and the box"),
        ).to.deep.equal([]);
      });
    });
  }
});

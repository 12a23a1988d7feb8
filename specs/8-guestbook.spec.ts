import { expect } from "chai";
import { about, claim, contains, guestbookOn, lab, servicePorts } from "../harness/judge/index.ts";

const { master } = lab;
const guestbook = guestbookOn(lab);

// Left as it is: its pods come while other specs run, and 8-pods.spec.ts deletes it.
describe("guestbook", () => {
  before("create it, in the place of one left by an aborted run", () => guestbook.make());

  it("has its services, each with an address of the service network", async () => {
    const services = await guestbook.services();
    expect(
      services.map(({ name }) => name),
      about(master, "guestbook services"),
    ).to.have.members(Object.keys(guestbook.replicas));
    for (const { name, type, clusterIp } of services) {
      claim(
        type === "ClusterIP" && /^[\d.]+$/.test(clusterIp) && contains(lab.services, clusterIp),
        about(master, "guestbook services"),
        `${name} to be a ClusterIP with an address in ${lab.services}`,
        `${type} ${clusterIp}`,
      );
    }
  });

  it("has its services on their ports", async () => {
    const seen = (await guestbook.services()).map(({ name, ports }) => [
      name,
      ...ports.map(({ port, targetPort }) => `${port} to ${targetPort}`),
    ]);
    expect(Object.fromEntries(seen), about(master, "guestbook services", "ports")).to.deep.equal(
      Object.fromEntries(Object.entries(servicePorts).map(([name, port]) => [name, `${port} to ${port}`])),
    );
  });
});

// Where 8-pods.spec.ts is not asked, nothing else has deleted it.
after("delete the guestbook", () => guestbook.unmake());

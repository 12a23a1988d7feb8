import { expect } from "chai";
import { NotAsked } from "../../../harness/errors.ts";
import { about, lab } from "../../../harness/judge/index.ts";

describe("optional", () => {
  it("has docker's chain let traffic pass", async () => {
    const [worker] = lab.workers;
    if (worker === undefined) throw new RangeError("expected a worker");
    expect((await worker.filterTable()).policies["FORWARD"], about(worker, "forwarding", "policy")).to.equal(
      "ACCEPT",
    );
  });

  it("asks what this host has no means to ask", () => {
    throw new NotAsked("no means");
  });
});

import { expect } from "chai";
import { about, budget, eventually, lab } from "../../../harness/judge/index.ts";

describe("a mixture", () => {
  for (const worker of lab.workers) {
    it(`${worker.name} forwards`, async () => {
      expect(
        (await worker.filterTable()).policies["FORWARD"],
        about(worker, "forwarding", "policy"),
      ).to.equal("ACCEPT");
    });
    it(`${worker.name} forwards in the end`, () =>
      eventually(
        async () => {
          expect(
            (await worker.filterTable()).policies["FORWARD"],
            about(worker, "forwarding", "policy"),
          ).to.equal("ACCEPT");
        },
        { within: budget.overlay },
      ));
  }
});

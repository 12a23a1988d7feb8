import { about, claim, lab } from "../../../harness/judge/index.ts";

describe("after a failed hook", () => {
  before("make something", async () => {
    const { active } = await lab.master.unit("etcd");
    claim(active === "no such state", about(lab.master, "etcd"), "something else", active);
  });

  it("the first is told", () => undefined);
  describe("and deeper", () => {
    it("the second is told", () => undefined);
  });
});

import { expect } from "chai";
import { guestbookAnswers } from "./guestbook.ts";
import { judged, red, sentences } from "./judged.ts";

/** Deployments are scaled; then they, their replica sets and services are deleted, one by one. */
const removal = [...Array<string>(3).fill("scale"), ...Array<string>(9).fill("delete")];

describe("the guestbook's specs, judged on what was recorded", () => {
  const guestbook = (how?: { left?: boolean; stuck?: boolean }, acts: string[] = []) => {
    const { master: onMaster, worker: onWorker } = guestbookAnswers(how, acts);
    return judged(["8-guestbook", "8-meanwhile", "8-pods"], {
      master: onMaster,
      worker1: onWorker,
      worker2: onWorker,
    });
  };

  it("makes, uses and deletes one, and all pass", async () => {
    const acts: string[] = [];
    const results = await guestbook({}, acts);
    expect(sentences(results)).to.deep.equal([]);
    expect(acts).to.deep.equal(["create", "create", "expose", ...removal]);
  });

  it("first deletes one that was left", async () => {
    const acts: string[] = [];
    expect(sentences(await guestbook({ left: true }, acts))).to.deep.equal([]);
    expect(acts.slice(0, 14)).to.deep.equal([...removal, "create", "create"]);
  });

  it("says which pods do not run, and why", async () => {
    const [first] = red(await guestbook({ stuck: true }));
    expect(first?.error?.message).to.match(
      /^master guestbook's pods: expected 6 pods Running, saw redis-master-0 Pending ContainerCreating on worker1, .* \(\d+ looks in 300\.0 s of 300 s\)$/,
    );
  });
});

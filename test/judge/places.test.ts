import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { placesOf } from "../../harness/judge/places.ts";
import { settings } from "../../harness/judge/settings.ts";
import { project } from "../../harness/paths.ts";

describe("the place of a setting", () => {
  it("is a template's line that sets it, not a comment", async () => {
    const [place] = await placesOf(["KUBELET_API_SERVER"], "worker");
    expect(place).to.include({
      file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
      name: "KUBELET_API_SERVER",
    });
    const lines = (await readFile(join(project, place?.file ?? ""), "utf8")).split("\n");
    expect(lines[(place?.line ?? 0) - 1]).to.match(/^KUBELET_API_SERVER=/);
  });

  it("is found by a flag too, and named by its variable", async () => {
    const [place] = await placesOf(["--service_account-key-file"], "master");
    expect(place).to.include({
      file: "provision/master/files/etc/kubernetes/apiserver.hbs",
      name: "KUBE_API_ARGS",
    });
  });

  it("is nowhere for what no template of the role sets", async () => {
    expect(await placesOf(["KUBELET_API_SERVER", "--no-such-flag"], "master")).to.deep.equal([]);
  });

  for (const [watched, { names }] of Object.entries(settings)) {
    for (const name of names) {
      it(`is known for ${name}, which ${watched} watches`, async () => {
        const places = await Promise.all([placesOf([name], "master"), placesOf([name], "worker")]);
        expect(places.flat()).to.not.have.lengthOf(0);
      });
    }
  }
});

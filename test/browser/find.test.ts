import { expect } from "chai";
import { demandBrowser, findBrowser } from "../../harness/browser/find.ts";
import { LabNotBuilt } from "../../harness/errors.ts";
import { Apart } from "./apart.ts";

describe("finding a browser", () => {
  let apart: Apart;
  before(() => {
    apart = new Apart();
  });
  after(() => apart.leave());

  it("takes the first on PATH that says its version", async () => {
    await apart.path({ chromium: "exit 1", "google-chrome": "echo Google Chrome 156.0" });
    expect(await findBrowser()).to.equal(`${apart.folder}/bin/google-chrome`);
    await demandBrowser();
  });

  it("passes over a program that only says how to get one", async () => {
    await apart.path({ "chromium-browser": "echo needs the chromium snap; exit 1", chromium: "echo 1.0" });
    expect(await findBrowser()).to.equal(undefined);
  });

  it("says how to install one where it is demanded and there is none", async () => {
    await apart.path();
    const error = await demandBrowser().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LabNotBuilt);
    const { message, hint, exitCode } = error as LabNotBuilt;
    expect({ hint, exitCode }).to.deep.equal({ hint: "apt-get install -y chromium", exitCode: 3 });
    expect(message).to.include("no browser: expected chromium, chromium-browser, google-chrome on PATH");
  });
});

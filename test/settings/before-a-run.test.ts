import { expect } from "chai";
import { execa } from "execa";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTemplates } from "../../harness/commands/templates.ts";
import { BadConfiguration } from "../../harness/errors.ts";
import { project } from "../../harness/paths.ts";
import { Progress } from "../../harness/report/progress.ts";
import type { Session } from "../../harness/session.ts";
import { aLab } from "../provision/labs.ts";
import { lineOf, withEdits } from "./templates.ts";
import type { Edit } from "./templates.ts";

const kubelet = "worker/files/etc/kubernetes/kubelet.hbs";
const unknownFlag: Edit = { file: kubelet, from: "--api-servers", to: "--api-server" };
const otherPort: Edit = { file: kubelet, from: "{{ports.apiserver.insecure}}", to: "8081" };

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

describe("settings that nobody can mean", function () {
  this.timeout("60s");
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hardway-settings-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  for (const verb of ["render", "run", "up"]) {
    it(`end ${verb} with exit code 2, the line and what to do, before anything is touched`, async () => {
      const reports = await entries(join(project, "reports"));
      await withEdits([unknownFlag], async (templates) => {
        const { exitCode, all } = await execa(
          process.execPath,
          ["harness/start.mjs", verb, "--lab", "embedded", "--templates", templates],
          { cwd: project, all: true, reject: false, env: { HARDWAY_HOME: join(home, "cache") } },
        );
        expect(exitCode, all).to.equal(2);
        expect(all)
          .to.contain(
            `kubelet.hbs:${await lineOf(unknownFlag)}  expected a flag of kubelet, saw --api-server`,
          )
          .and.contain("did you mean --api-servers?")
          .and.contain("nothing was touched");
      });
      expect(await entries(home)).to.deep.equal([]);
      expect(await entries(join(project, "reports"))).to.deep.equal(reports);
    });
  }

  it("are refused for a lab that is up, which keeps its templates; what is suspicious is kept with it", async () => {
    const progress = new Progress();
    const told: string[] = [];
    progress.announce = (line) => void told.push(line);
    const lab = await aLab();
    const session = { lab, folder: home, templates: "/before" } as unknown as Session;
    const refusal = await withEdits([unknownFlag], (templates) =>
      withTemplates({ session, progress }, templates),
    ).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(BadConfiguration);
    expect(session.templates).to.equal("/before");
    expect(await entries(home)).to.deep.equal([]);

    await withEdits([otherPort], async (templates) => {
      await withTemplates({ session, progress }, templates);
      expect(session.templates).to.equal(templates);
    });
    const kept = JSON.parse(await readFile(join(home, "session.json"), "utf8")) as Session;
    expect(kept.warnings?.map(({ source }) => source.line)).to.deep.equal([await lineOf(otherPort)]);
    expect(kept.warnings?.[0]?.message).to.match(
      /10\.146\.47\.100:8081 asked and 0\.0\.0\.0:8080 on master .* served$/,
    );
    expect(told.filter((line) => line.startsWith("warning: "))).to.have.lengthOf(1);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { BadConfiguration } from "../../harness/errors.ts";
import { renderFiles } from "../../harness/render/files.ts";
import { fixedLab } from "./labs.ts";

describe("a role's files", () => {
  let role: string;
  beforeEach(async () => {
    role = await mkdtemp(join(tmpdir(), "hardway-role-"));
  });
  afterEach(() => rm(role, { recursive: true }));

  async function rendered(files: Record<string, string>): Promise<string[][]> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(role, "files", path)), { recursive: true });
      await writeFile(join(role, "files", path), content);
    }
    const lab = await fixedLab("embedded");
    const [machine = lab.master] = lab.workers;
    return (await renderFiles(lab, machine, role)).map(({ path, content }) => [path, content]);
  }

  it("are rendered where they end in .hbs, and go as they are otherwise", async () => {
    const files = {
      "etc/b.conf": "{{machine.name}}",
      "etc/a/x.hbs": "{{machine.name}} of {{master.address}}",
    };
    expect(await rendered(files)).to.deep.equal([
      ["/etc/a/x", "worker1 of 10.146.47.100"],
      ["/etc/b.conf", "{{machine.name}}"],
    ]);
  });

  it("can name all of the lab", async () => {
    const template =
      "{{#each workers}}{{name}} {{/each}}{{machines.length}} {{flannel.vni}} {{services}} {{images.pause.name}} " +
      "{{keys.[0].id}} {{#each repositories}}{{id}} {{keyPath}}{{/each}} {{lab.hostAddress}}";
    expect((await rendered({ x: "", "y.hbs": template })).at(-1)?.[1]).to.equal(
      "worker1 worker2 3 1 10.254.0.0/16 hardway/pause:3.0 testbed testbed " +
        "/etc/pki/rpm-gpg/RPM-GPG-KEY-hardway-testbed 10.146.47.1",
    );
  });

  it("are none where a role has none", async () => {
    expect(await rendered({})).to.deep.equal([]);
  });

  for (const [what, files, says] of [
    [
      "that name what is not there",
      { "etc/x.hbs": "a\n{{machine.nmae}}" },
      /etc\/x\.hbs:2:3 {2}expected a value for "nmae"/,
    ],
    [
      "that would become one",
      { "etc/x": "a", "etc/x.hbs": "b" },
      /expected one source for \/etc\/x, saw two: .*x and .*x\.hbs/,
    ],
  ] as const) {
    it(`are refused ${what}`, async () => {
      try {
        await rendered(files);
        expect.fail("rendered");
      } catch (error) {
        expect(error).to.be.instanceOf(BadConfiguration);
        expect(String(error)).to.match(says);
      }
    });
  }

  it("go byte by byte where they are not rendered, whatever they hold", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await mkdir(join(role, "files"));
    await writeFile(join(role, "files", "x"), bytes);
    const lab = await fixedLab("embedded");
    const [file] = await renderFiles(lab, lab.master, role);
    expect(file?.bytes.equals(bytes)).to.equal(true);
  });

  for (const [what, bytes, says] of [
    [
      "no UTF-8",
      Buffer.from("a\nb\xff", "latin1"),
      /x\.hbs:2:2 {2}expected a text in UTF-8, saw bytes that are no UTF-8/,
    ],
    ["UTF-8 that breaks off", Buffer.from([0x61, 0xc3]), /x\.hbs:1:2 {2}expected a text in UTF-8/],
    [
      "very long",
      Buffer.alloc(2 ** 20 + 1, "x"),
      /x\.hbs {2}expected a text in UTF-8, saw 1048577 bytes, more than 1 MiB/,
    ],
  ] as const) {
    it(`are refused where a template is ${what}, with its name`, async () => {
      await mkdir(join(role, "files"));
      await writeFile(join(role, "files", "x.hbs"), bytes);
      const lab = await fixedLab("embedded");
      const error: unknown = await renderFiles(lab, lab.master, role).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(BadConfiguration);
      expect(String(error)).to.match(says);
    });
  }
});

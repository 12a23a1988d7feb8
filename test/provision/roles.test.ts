import { expect } from "chai";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BadConfiguration } from "../../harness/errors.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { loadRoles } from "../../harness/provision/roles.ts";

describe("loading roles", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "hardway-roles-"));
    await cp(join(project, "provision"), root, { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Changes one line of worker/role.yaml; answers its number. */
  async function replace(line: RegExp, by: string): Promise<number> {
    const file = join(root, "worker/role.yaml");
    const lines = (await readFile(file, "utf8")).split("\n");
    const at = lines.findIndex((text) => line.test(text));
    expect(at, String(line)).to.be.at.least(0);
    lines[at] = by;
    await writeFile(file, lines.join("\n"));
    return at + 1;
  }

  async function refusal(): Promise<string> {
    const error: unknown = await loadRoles(root).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(BadConfiguration);
    return (error as BadConfiguration).explain();
  }

  it("accepts the project's own", async () => {
    const { worker } = await loadRoles(ownTemplates);
    expect(worker.plan.flatMap((item) => item.unit ?? [])).to.deep.equal([
      "flanneld",
      "docker",
      "kubelet",
      "kube-proxy",
    ]);
    expect(worker.files["/etc/kubernetes/kubelet"]).to.deep.equal({
      mode: "0644",
      owner: "root:root",
      restarts: ["kubelet"],
    });
  });

  const mistakes: [string, RegExp, string, RegExp][] = [
    [
      "an unknown step",
      /step: kernel/,
      "  - step: kernel-setings",
      /`kernel-setings`[^]*did you mean `kernel-settings`/,
    ],
    [
      "an unknown condition",
      /await:/,
      "  - await: flannel-net",
      /a script of that name in awaits\/, saw `flannel-net`/,
    ],
    [
      "a file that is not there",
      /modules-load/,
      "  - files: [/etc/sysctl.d/*, /etc/modules.d/*]",
      /a file under files\/, saw `\/etc\/modules.d\/\*`/,
    ],
    [
      "a file placed twice",
      /sysconfig\/flanneld,/,
      "  - files: [/etc/sysconfig/*, /etc/sysconfig/flanneld, /etc/systemd/system/docker.service.d/*, /etc/kubernetes/*]",
      /each file once, saw \/etc\/sysconfig\/flanneld again/,
    ],
    [
      "settings of a file that is not there",
      /kubernetes\/proxy:/,
      "  /etc/kubernetes/proxi: { restarts: [kube-proxy] }",
      /`\/etc\/kubernetes\/proxi`[^]*did you mean `\/etc\/kubernetes\/proxy`/,
    ],
    [
      "a restart of a unit the role does not start",
      /kubernetes\/proxy:/,
      "  /etc/kubernetes/proxy: { restarts: [kube-prox] }",
      /a unit that the role's plan starts, saw `kube-prox`/,
    ],
    [
      "a mode that is a number",
      /kubernetes\/proxy:/,
      "  /etc/kubernetes/proxy: { mode: 0640 }",
      /mode: expected four octal digits in quotes[^]*saw 640/,
    ],
    [
      "a mode that is none",
      /kubernetes\/proxy:/,
      '  /etc/kubernetes/proxy: { mode: "u+r" }',
      /mode: expected four octal digits/,
    ],
    [
      "an owner without a group",
      /kubernetes\/proxy:/,
      "  /etc/kubernetes/proxy: { owner: root }",
      /owner: expected user:group[^]*saw "root"/,
    ],
    [
      "two things in one item",
      /unit: kubelet/,
      "  - { unit: kubelet, step: kernel-settings }",
      /exactly one of files, step/,
    ],
    ["a condition that nobody makes true", /from: master/, "", /`from` with every `await`/],
    [
      "an unknown kind of item",
      /unit: kubelet/,
      "  - { service: kubelet }",
      /a key that is known here, saw `service`/,
    ],
    [
      "a package that is an option",
      /packages:/,
      "  - packages: [kubernetes-node, docker, flannel, --nogpgcheck]",
      /a package's name/,
    ],
  ];
  for (const [what, line, by, said] of mistakes)
    it(`refuses ${what}, with its line`, async () => {
      const at = await replace(line, by);
      const refused = await refusal();
      expect(refused).to.match(said);
      expect(refused).to.match(new RegExp(`worker/role\\.yaml:(${at}|${at - 1}):\\d+ `));
    });

  it("refuses a file and a script that no plan item names", async () => {
    await writeFile(join(root, "worker/files/etc/sysconfig/docker.hbs"), "");
    await writeFile(join(root, "worker/steps/forgotten.sh"), "");
    const refused = await refusal();
    expect(refused).to.match(
      /every file under files\/ in the plan, saw none that places files\/etc\/sysconfig\/docker\b/,
    );
    expect(refused).to.match(/every script in steps\/ in the plan, saw none that runs `forgotten`/);
  });

  it("refuses a file that two roles of a machine place", async () => {
    await writeFile(join(root, "worker/files/etc/hosts"), "");
    await replace(/modules-load/, "  - files: [/etc/sysctl.d/*, /etc/modules-load.d/*, /etc/hosts]");
    expect(await refusal())
      .to.include("/etc/hosts")
      .and.include("every")
      .and.include("worker");
  });
});

import { expect } from "chai";
import { execa } from "execa";
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
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

  it("refuses a unit twice, at its line, in one role and in two of a machine", async () => {
    const at = await replace(/unit: kube-proxy/, "  - unit: kubelet");
    expect(await refusal()).to.match(
      new RegExp(`worker/role\\.yaml:${at}:\\d+ {2}plan.* expected each unit once, saw .kubelet. again`),
    );
    await replace(/unit: kubelet/, "  - unit: kube-proxy");
    await writeFile(
      join(root, "every/role.yaml"),
      (await readFile(join(root, "every/role.yaml"), "utf8")).replace("plan:\n", "plan:\n  - unit: docker\n"),
    );
    expect(await refusal()).to.match(
      /worker\/role\.yaml:\d+:\d+ {2}expected docker in one role of a machine, saw it at .*every\/role\.yaml:\d+:\d+, too/,
    );
  });

  it("refuses a machine that waits for itself, and two that wait for each other", async () => {
    const at = await replace(/from: master/, "    from: worker");
    expect(await refusal()).to.match(
      new RegExp(
        `worker/role\\.yaml:${at}:\\d+ .*a machine of another role, saw .worker., which plays this role itself`,
      ),
    );
    await replace(/from: worker/, "    from: master");
    const file = join(root, "master/role.yaml");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace("plan:\n", "plan:\n  - { await: ready, from: worker }\n"),
    );
    await mkdir(join(root, "master/awaits"));
    await writeFile(join(root, "master/awaits/ready.sh"), "true\n");
    expect(await refusal()).to.match(
      /master\/role\.yaml:\d+:\d+ {2}expected machines that wait in one direction only, saw the master wait for the workers and, at .*worker\/role\.yaml:\d+:\d+, the workers/,
    );
  });

  it("refuses settings of a file that every object has", async () => {
    const at = await replace(/kubernetes\/proxy:/, "  __proto__: { restarts: [kube-proxy] }");
    expect(await refusal()).to.match(new RegExp(`worker/role\\.yaml:${at}:3 .*saw .__proto__.`));
  });

  const things: [what: string, make: (folder: string) => Promise<unknown>, says: RegExp][] = [
    [
      "a link to a file",
      (folder) => symlink("/etc/hostname", join(folder, "files/etc/sysctl.d/x.conf")),
      /files\/etc\/sysctl\.d\/x\.conf: expected a file or folder, saw a symbolic link\n {2}hint {2}put a copy/,
    ],
    [
      "a link to a folder",
      (folder) => symlink("/etc", join(folder, "files/etc/x")),
      /files\/etc\/x: expected .*saw a symbolic link/,
    ],
    [
      "a link to nothing",
      (folder) => symlink("/nowhere", join(folder, "steps/x.sh")),
      /steps\/x\.sh: expected .*saw a symbolic link/,
    ],
    [
      "a FIFO",
      (folder) => execa("mkfifo", [join(folder, "files/etc/x")]),
      /files\/etc\/x: expected .*saw a FIFO/,
    ],
    [
      "a template without a name",
      (folder) => writeFile(join(folder, "files/etc/.hbs"), ""),
      /etc\/\.hbs: expected a name before \.hbs/,
    ],
    [
      "a name that is no UTF-8",
      (folder) =>
        writeFile(Buffer.concat([Buffer.from(join(folder, "files/etc/x")), Buffer.from([0xff])]), ""),
      /files\/etc: expected names in UTF-8/,
    ],
    [
      "a name of two lines",
      (folder) => writeFile(join(folder, "files/etc/a\n  hint  b"), ""),
      /files\/etc: expected names in UTF-8 without control characters, saw "a\\n/,
    ],
    [
      "a script beside its template",
      (folder) => writeFile(join(folder, "steps/kernel-settings.sh.hbs"), ""),
      /expected one script of that name, saw two: .*kernel-settings\.sh and .*kernel-settings\.sh\.hbs/,
    ],
    [
      "a file where steps/ should be",
      async (folder) => {
        await rm(join(folder, "steps"), { recursive: true });
        await writeFile(join(folder, "steps"), "");
      },
      /worker\/steps: expected role\.yaml, files\/, .*saw a file of that name/,
    ],
    [
      "a folder that nobody looks into",
      (folder) => mkdir(join(folder, "step")),
      /worker\/step: expected .*saw a folder of that name\n {2}hint {2}did you mean `steps`\?/,
    ],
    [
      "another spelling of role.yaml",
      (folder) => rename(join(folder, "role.yaml"), join(folder, "role.yml")),
      /worker\/role\.yml: expected .*\n {2}hint {2}did you mean `role\.yaml`\?/,
    ],
    [
      "a role that nobody plays",
      (folder) => cp(folder, join(folder, "../workers"), { recursive: true }),
      /workers: expected a role that a machine plays, saw another/,
    ],
    [
      "no role",
      (folder) => rename(folder, join(folder, "../workers")),
      /saw no worker\n {2}hint {2}is `workers` meant to be `worker`\?/,
    ],
    [
      "a role file that is a folder",
      async (folder) => {
        await rm(join(folder, "role.yaml"));
        await mkdir(join(folder, "role.yaml"));
      },
      /worker\/role\.yaml: expected .*saw a folder/,
    ],
    [
      "a role file that is no UTF-8",
      (folder) => writeFile(join(folder, "role.yaml"), Buffer.from("plan: \xff", "latin1")),
      /worker\/role\.yaml:1:7: expected a role file, saw bytes that are no UTF-8/,
    ],
  ];
  for (const [what, make, says] of things)
    it(`refuses ${what}, with its path`, async () => {
      await make(join(root, "worker"));
      expect(await refusal()).to.match(says);
    });

  for (const [what, path, says] of [
    ["a file", join(project, "package.json"), /package\.json: expected a folder, saw a file/],
    ["nothing", join(project, "provisions"), /provisions: expected a folder, saw nothing there \(ENOENT\)/],
    ["a device", "/dev/null", /\/dev\/null: expected a folder, saw a file/],
    [
      "a folder of something else",
      join(project, "labs"),
      /labs: expected the folders every, master, worker, guestbook of a set of templates/,
    ],
  ] as const)
    it(`refuses ${what} in the place of templates`, async () => {
      await rm(root, { recursive: true });
      root = path;
      const refused = await refusal();
      root = await mkdtemp(join(tmpdir(), "hardway-roles-"));
      expect(refused).to.match(says);
    });

  it("takes what an editor has left for not there, and says so", async () => {
    const left = [
      "files/etc/sysctl.d/.90-kubernetes.conf.swp",
      "files/etc/sysctl.d/4913",
      "steps/kernel-settings.sh~",
      "awaits/#flannel-network.sh#",
    ];
    for (const path of left) await writeFile(join(root, "worker", path), "x");
    const { worker } = await loadRoles(root);
    expect(worker.left).to.have.members(left.map((path) => join(root, "worker", path)));
    expect(worker.paths.filter((path) => path.startsWith("/etc/sysctl.d/"))).to.deep.equal([
      "/etc/sysctl.d/90-kubernetes.conf",
    ]);
  });
});

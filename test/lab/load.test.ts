import { expect } from "chai";
import { BadConfiguration } from "../../harness/errors.ts";
import { loadLab } from "../../harness/lab/load.ts";
import { complaints, edited } from "./edited.ts";

async function refusal(nameOrPath: string): Promise<string> {
  try {
    await loadLab(nameOrPath);
  } catch (error) {
    if (error instanceof BadConfiguration) return error.explain();
    throw error;
  }
  return "none";
}

describe("loading a lab", () => {
  it("finds the labs of the project by name and fills in defaults", async () => {
    const [centos7, embedded] = await Promise.all([loadLab("centos7"), loadLab("embedded")]);
    expect([centos7.file, embedded.file]).to.deep.equal(["labs/centos7.yaml", "labs/embedded.yaml"]);
    expect(centos7.box.kernelArguments).to.deep.equal([]);
    expect(centos7.keys[0]?.fingerprint).to.equal("6341AB2753D78A78A7C27BB124C6A8A7F4A80EB5");
    expect(embedded.flannel.removeStaleLeases).to.equal(false);
  });

  it("takes a path for a path", async () => {
    expect(await loadLab("labs/embedded.yaml")).to.deep.equal(await loadLab("embedded"));
  });

  it("lists the known labs for a name it does not know, and the nearest", async () => {
    expect(await refusal("embeded")).to.equal(
      [
        "expected the name of a lab or the path of a lab file, saw `embeded`",
        "  known labs: centos7, embedded",
        "  hint  did you mean `embedded`?",
      ].join("\n"),
    );
  });

  it("says which file it cannot read", async () => {
    expect(await refusal("labs/none.yaml")).to.contain(
      "labs/none.yaml: expected a lab file, saw nothing there (ENOENT)",
    );
  });

  it("tells every mistake at once, each at its line, in the order of the file", async () => {
    const found = await complaints(
      await edited("embedded", [
        ["name: embedded", "name: Embedded"],
        ["isolation: namespace", "isolation: namspace"],
        ["management: 192.168.147.0/24", "management: 10.146.47.0/25"],
        ["address: 10.146.47.111, memory: 1536", 'adress: 10.146.47.111, memory: "1536"'],
        ["key: testbed\n  guest", "key: testbad\n  guest"],
        ["  guest: debian", "  guest: debian\n  guest: redhat"],
        ["    signedMetadata: true\n", ""],
        ["subnetLen: 24", "subnetLen: 16"],
        ["prefix: /atomic.io", "prefix: atomic.io"],
        ["services: 10.254.0.0/16", "services: 10.254.0.0/16\nservice: 1"],
      ]),
    );
    expect(found.map((complaint) => complaint.split("\n  hint  "))).to.deep.equal([
      [
        '3:7  name: expected a DNS label: lower-case letters, digits and dashes, a letter first, saw "Embedded"',
        "labs/embedded.yaml is a working example",
      ],
      ['5:12  isolation: expected one of `namespace`, `host`, saw "namspace"', "did you mean `namespace`?"],
      [
        "8:13  management: expected a network apart from network (10.146.47.0/24), saw 10.146.47.0/25",
        "each network needs addresses of its own, or packets for one go to another",
      ],
      [
        "12:5  machines[2].address: expected an IPv4 address such as 10.146.47.100, saw nothing",
        "add `address`: labs/embedded.yaml is a working example",
      ],
      [
        "12:36  machines[2].adress: expected a key that is known here, saw `adress`",
        "did you mean `address`?",
      ],
      ['12:67  machines[2].memory: expected a number, saw "1536"', "write it without quotes"],
      ["18:8  box.key: expected the id of a key in `keys`, saw `testbad`", "known ids: testbed"],
      [
        "20:3  expected each key once, saw `guest` again",
        "remove one of the two; which would count is not obvious",
      ],
      [
        "41:5  repositories[0].signedMetadata: expected true or false, saw nothing",
        "add `signedMetadata`: whether repomd.xml.asc is there, so that repo_gpgcheck can be on",
      ],
      [
        "48:14  flannel.subnetLen: expected subnets for 2 workers, one each, saw 16, which leaves 0 subnets of " +
          "10.241.0.0/16: flannel never leases the first",
        "18 is the least that serves them; 24 is usual in a /16",
      ],
      [
        "51:11  flannel.prefix: expected an etcd path with a leading slash, such as /atomic.io/network, " +
          'saw "atomic.io/network"',
        "labs/embedded.yaml is a working example",
      ],
      ["54:1  service: expected a key that is known here, saw `service`", "did you mean `services`?"],
    ]);
  });

  it("points at the line of broken YAML", async () => {
    const [first] = await complaints(
      await edited("embedded", [['["prepared:repository/"]', "[prepared:repository/"]]),
    );
    expect(first).to.match(/^\d+:\d+ {2}expected YAML, saw .*\n {2}hint {2}/);
    const tab = await complaints(
      await edited("embedded", [["  name: hardway/embedded", "\tname: hardway/embedded"]]),
    );
    expect(tab.join("\n")).to.match(/^15:1 {2}expected YAML, saw Tabs are not allowed/);
  });

  it("answers for an empty file and for a list in the place of a map", async () => {
    expect(await complaints("")).to.deep.equal([
      "1:1  expected a map of values, saw nothing\n  hint  labs/embedded.yaml is a working example",
    ]);
    expect((await complaints("- a\n"))[0]).to.contain("1:1  expected a map of values, saw a list of 1");
  });

  it("refuses aliases of nothing, of themselves and without end, each at its line", async () => {
    const told = async (text: string) => (await complaints(text))[0];
    expect(await told("a: 1\nname: *lab\n")).to.match(
      /^2:7 {2}expected YAML without such aliases, saw \*lab, which no/,
    );
    expect(await told("a: 1\nb: &b [*b]\n")).to.match(
      /^2:8 {2}expected YAML without such aliases, saw \*b, inside itself/,
    );
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [one, other] of ["ab", "bc", "cd", "de"])
      bomb.push(`${other}: &${other} [${Array(9).fill(`*${one}`).join(", ")}]`);
    expect(await told(bomb.join("\n"))).to.match(
      /^5:\d+ {2}expected YAML without such aliases, saw \*d, which unfolds/,
    );
  });

  for (const [what, text, says] of [
    ["a key that is nothing", "name: x\nnull: 1\n", "2:1  expected a text as the key, saw nothing"],
    ["a key that is a list", "name: x\n[a, b]: 1\n", "2:1  expected a text as the key, saw a list or map"],
    [
      "a key that every object has",
      "__proto__: 1\n",
      "1:1  expected a key that is known here, saw `__proto__`",
    ],
    ["brackets in brackets", "[".repeat(100_000), "1:33  expected lists and maps that are not so deep"],
    ["lists in lists", `${"- ".repeat(5_000)}x`, "expected lists and maps that are not so deep"],
    [
      "maps in maps",
      Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      "202:1  expected lists and maps that are not so deep",
    ],
  ] as const) {
    it(`refuses ${what}, and stays alive`, async () => {
      const [first] = await complaints(text);
      expect(first).to.contain(says);
    });
  }

  it("tells the first 20 of very many mistakes, and how many there are", async () => {
    const keys = Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join("\n");
    const told = await complaints(keys);
    expect(told).to.have.length(21);
    expect(told[0]).to.match(/^1:1 {2}/);
    expect(told.at(-1)).to.equal("… and 89993 more");
  });

  it("cuts what is long, and shows as JSON what is more than a name", async () => {
    const long = "x".repeat(500_000);
    for (const text of [`name: ${long}\n`, `${long}: 1\n`, `"a\\n  hint  b": 1\n`, `name: {${long}: 1}\n`]) {
      for (const complaint of await complaints(text)) {
        expect(complaint.length).to.be.lessThan(1500);
        expect(complaint.split("\n")).to.have.length(2);
      }
    }
  });
});

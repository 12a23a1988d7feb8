import { expect } from "chai";
import { freePorts, Workshop } from "./standins-master-daemons.ts";

const etcd = "--etcd-servers=http://127.0.0.1:1";
const range = "--service-cluster-ip-range=10.254.0.0/16";
const local = "--advertise-address=127.0.0.1";

describe("master stand-ins, told wrong things", () => {
  let workshop: Workshop;
  before(async () => {
    workshop = await Workshop.open("kube-apiserver", "kube-controller-manager", "kube-scheduler");
  });
  after(() => workshop.close());

  const refusals: [daemon: string, args: string[], code: number, message: string][] = [
    [
      "kube-apiserver",
      ["--service-acount-key-file=x"],
      2,
      "unknown flag: --service-acount-key-file\nUsage of kube-apiserver:\n",
    ],
    [
      "kube-apiserver",
      ["--insecure-port=abc"],
      2,
      'invalid argument "abc" for --insecure-port=abc: strconv.ParseInt: parsing "abc": invalid syntax\n',
    ],
    [
      "kube-apiserver",
      ["--bind_address", "10.146.47.999"],
      2,
      'invalid argument "10.146.47.999" for --bind_address: failed to parse IP: "10.146.47.999"\n',
    ],
    ["kube-apiserver", [range], 255, "] --etcd-servers must be specified\n"],
    [
      "kube-apiserver",
      [etcd],
      255,
      "] Validate server run options failed: No --service-cluster-ip-range specified\n",
    ],
    [
      "kube-apiserver",
      [etcd, range, local, "--admission_control=ServiceAccounts"],
      255,
      "] Unknown admission plugin: ServiceAccounts\n",
    ],
    [
      "kube-apiserver",
      [etcd, range, local, "--service-account-key-file=/nowhere/key"],
      255,
      "] Invalid Authentication Config: open /nowhere/key: no such file or directory\n",
    ],
    ["kube-controller-manager", ["--bogus"], 1, "Error: unknown flag: --bogus\n"],
    [
      "kube-controller-manager",
      [],
      1,
      "] Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.\n",
    ],
    [
      "kube-scheduler",
      ["--leader-elect-lease-duration=15"],
      1,
      'invalid argument "15" for --leader-elect-lease-duration=15: time: missing unit in duration "15"\n',
    ],
  ];
  for (const [daemon, args, code, message] of refusals) {
    it(`${daemon} ${args.join(" ")} ends with ${code}`, async () => {
      const started = workshop.start(daemon, ...args);
      expect(await started.ended).to.equal(code);
      expect(started.log).to.include(message);
    });
  }

  it("kube-apiserver without etcd opens its ports, then ends with 255", async () => {
    const [insecure = 0, secure = 0] = await freePorts(2);
    const ports = [`--insecure-port=${insecure}`, `--secure-port=${secure}`, "--bind-address=127.0.0.1"];
    const started = workshop.start(
      "kube-apiserver",
      etcd,
      range,
      local,
      ...ports,
      `--cert-dir=${workshop.folder}`,
    );
    expect(await started.ended).to.equal(255);
    expect(started.log).to.match(/Serving securely on [^]*Serving insecurely on /);
    expect(started.log).to.include(
      "Unable to perform initial IP allocation check: unable to refresh the service IP block: " +
        "client: etcd cluster is unavailable or misconfigured\n",
    );
  });
});

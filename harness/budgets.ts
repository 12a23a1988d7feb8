const seconds = 1000;
const minutes = 60 * seconds;

/**
 * How long each wait may last, in milliseconds: the one table of waits. A budget is a bound on the truth ("later
 * than this it does not work"), not a guess at a duration, and is sized for emulated machines.
 */
export const budget = {
  /** The private libvirtd of a namespace answering, after it was started: 9 s when it must probe QEMU first. */
  world: 60 * seconds,
  /** A download site answering that it has an archive; later than this a lab does without. */
  reach: 5 * seconds,
  /** Downloading a box. */
  download: 60 * minutes,
  /** `vagrant box add`: unpacking a verified box. */
  box: 10 * minutes,
  /** One virsh command: more means that libvirtd hangs. */
  libvirt: 60 * seconds,
  /** Vagrant winding down after SIGINT: 15 s measured (facts/vagrant-libvirt.md §6). */
  interrupt: 30 * seconds,
  /** Processes of a run being gone after SIGTERM; what is left gets SIGKILL. */
  ending: 10 * seconds,
  /** One SSH handshake: 1 s on an idle emulated machine. */
  handshake: 30 * seconds,
  /** From `vagrant up` to every machine answering over SSH. */
  boot: 10 * minutes,
  /** One command on a machine. */
  command: 2 * minutes,
  /** Downloading and installing a role's packages. */
  packages: 10 * minutes,
  /** One program that builds, signs or lists packages on the host. */
  package: 5 * minutes,
  /** An image archive loaded into a worker's docker. */
  image: 5 * minutes,
  /** A daemon's unit active, after it was started. */
  unit: 2 * minutes,
  /** A condition another machine makes true while provisioning. */
  peer: 5 * minutes,
  /** A listener, after its unit is active. */
  listener: 60 * seconds,
  /** Traffic between workers' docker0, after both leases exist. */
  overlay: 60 * seconds,
  /** A kubelet's node Ready, after the kubelet is active. */
  node: 2 * minutes,
  /** The guestbook's pods Running, after they were created. */
  pods: 5 * minutes,
  /** An HTTP answer through a NodePort, after the pods are Running. */
  nodePort: 60 * seconds,
  /** A person's visit to the guestbook in a browser, from starting the browser to seeing the message listed. */
  page: 90 * seconds,
  /** Everything that is collected from the machines of a run that is not green. */
  diagnostics: 90 * seconds,
  /** What was deleted being gone. */
  gone: 2 * minutes,
} as const;

/** Where a healthy run is known, nothing is waited for longer than so many times what it took there, and this at least. */
const patience = { times: 5, least: 10 * seconds };

/**
 * How long to wait for what took a healthy run so long.
 * @param healthy milliseconds; undefined where no healthy run is known
 * @returns milliseconds, never more than the budget
 */
export const withinHealthy = (allowed: number, healthy: number | undefined): number =>
  healthy === undefined ? allowed : Math.min(allowed, Math.max(patience.least, patience.times * healthy));

export type BudgetName = keyof typeof budget;

/** How a file is read by what reads it, which decides what counts as one setting of it. */
export type SettingKind =
  | "environment"
  | "unit"
  | "ini"
  | "json"
  | "manifest"
  | "sysctl"
  | "modules"
  | "hosts"
  | "text"
  | "step"
  | "plan"
  | "vagrantfile";

/** Where a setting is written. */
export interface SettingSource {
  /** The template, step or role file: a path relative to the project, or to the templates' own repository. */
  file: string;
  /** From 1, in that file. */
  line: number;
  /** The whole line as it is written there. */
  text: string;
}

/** One effective value on one machine, or a line that would set one if it were not commented out. */
export interface Setting {
  machine: string;
  kind: SettingKind;
  /** The file on the machine that holds it; undefined for steps, plans and the Vagrantfile. */
  path: string | undefined;
  /**
   * What is set, unique within its file: `KUBELET_ARGS`, `[base] gpgcheck`, `Backend.Type`, `Service frontend:
   * spec.selector.tier`, `net.ipv4.ip_forward`, `10.146.47.110 worker1`, `step kernel-settings: line 4`,
   * `plan: unit kubelet`.
   */
  key: string;
  /** Where a value is a list of flags, one of them: `--address`. */
  flag?: string;
  /** The value as its reader sees it: unquoted, unescaped. */
  value: string;
  /**
   * `commented` where the line is there but has no effect because a comment sign stands before it; `overridden` where a
   * later line of the same file wins.
   */
  state: "set" | "commented" | "overridden";
  source: SettingSource;
  /** The lab file's values it was rendered from, as paths: `flannel.prefix`. */
  labValues: readonly string[];
  /** The units that are restarted when it changes. */
  restarts: readonly string[];
}

/** What a daemon's package says of how it is started, so that a setting's reader is known and not guessed. */
export interface Daemon {
  /** The systemd unit, without `.service`. */
  unit: string;
  /** The package that brings the unit. */
  package: string;
  /** The files its unit reads variables from, in order; a later one wins. */
  environmentFiles: readonly string[];
  /** The variables its command line uses, in order; a variable that is not here reaches it only through its environment. */
  variables: readonly string[];
  /** Whether the daemon itself also reads its environment, as etcd reads `ETCD_…`: any variable with this prefix. */
  environmentPrefix?: string;
  /** The variables whose whole value becomes that of one flag, which is given without dashes. */
  valueOf: ReadonlyMap<string, string>;
  /** Its flags without dashes, with the type of their values: `bool`, `int`, `string`, `ip`, `duration`, … */
  flags: ReadonlyMap<string, Flag>;
  /**
   * How it reads its command line. pflag: `--name`, in which `_` is `-`. Go's own flag package: `-name` or `--name`, up
   * to the first word that is no flag.
   */
  flagSyntax: "pflag" | "go";
  /** Whose flags these are: `kubernetes 1.5.2 as released`. */
  flagsFrom: string;
  /** Whether they are known to be those of the very package the lab installs, so that any other is a mistake. */
  flagsAreExact: boolean;
}

/** A flag of a daemon. */
export interface Flag {
  type: string;
  default: string;
  /** What the daemon says of it where it still takes it but should not be given it. */
  deprecated?: string;
}

/** Something about a setting that is seen before any machine is touched. */
export interface SettingProblem {
  /** `refused`: nobody can mean it. `warning`: suspicious, and evidence if the run is red. */
  severity: "refused" | "warning";
  /** What is expected, and what is there in its place, in one sentence. */
  message: string;
  hint: string;
  source: SettingSource;
  /** The settings concerned: all ends of what does not agree; empty where the line sets nothing at all. */
  settings: readonly Setting[];
}

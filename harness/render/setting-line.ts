/** A line of a template, step or role file that sets something, and what it came to for one machine. */
export interface SettingLine {
  machine: string;
  /** What it is written in, relative to the project. */
  file: string;
  /** From 1, in that file. */
  line: number;
  /** What it sets: KUBELET_ARGS, gpgcheck, "unit: docker"; undefined where it is a command. */
  name: string | undefined;
  /** The object of a manifest that it belongs to: "frontend". */
  of?: string | undefined;
  /** The line as rendered. */
  text: string;
  /** The file's path on the machine, where it becomes one. */
  path: string | undefined;
  /** The units that are restarted when it changes. */
  restarts: readonly string[];
}

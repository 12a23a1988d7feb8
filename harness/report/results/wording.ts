import type { Cause, CauseCandidate } from "./cause.ts";

/** A candidate as one line: `worker/files/…/kubelet.hbs:8 KUBELET_HOSTNAME="…"`. */
export function candidateText({ file, line, name, value }: CauseCandidate): string {
  const place = line === undefined ? shortPath(file) : `${shortPath(file)}:${line}`;
  const said = value === undefined || value.includes(name) ? (value ?? name) : `${name}: ${value}`;
  return `${place}  ${said}`;
}

/** A template's path as short as it can be read: the role and the file's name, where the folders between say nothing new. */
export function shortPath(file: string): string {
  const parts = file.replace(/^provision\//, "").split("/");
  return parts.length <= 3 ? parts.join("/") : [...parts.slice(0, 2), "…", ...parts.slice(-1)].join("/");
}

/** The whole cause in one sentence: what broke, where else, what the daemon says, and which settings can be behind it. */
export function sentenceFor({ message, since, log, machines, sureness, candidates, files }: Cause): string {
  const [first, ...rest] = machines;
  return [
    message + (since === undefined ? "" : `, since ${since.slice(11, 19)}`),
    ...(rest.length === 0 ? [] : [`the same on ${rest.join(", ")}`]),
    ...(log === undefined
      ? []
      : [`${log.machine === first ? "" : `${log.machine} `}${log.unit} says "${log.line}"`]),
    blameText({ sureness, candidates, files }),
  ].join("; ");
}

/** Which settings are behind a cause, and how sure that is. */
export function blameText({
  sureness,
  candidates,
  files,
}: Pick<Cause, "sureness" | "candidates" | "files">): string {
  const [only] = candidates;
  switch (sureness) {
    case "proved":
    case "set by":
      return only === undefined ? "" : `${sureness} ${candidateText(only)}`;
    case "one of":
      return `one of ${candidates.map(candidateText).join(" | ")}`;
    case "files":
      return `nothing points at one line of ${files.map(shortPath).join(", ")}`;
    case "none":
      return "no setting of these templates explains it";
  }
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
};

/** Why a file could not be read, as Go says it: "open /etc/kubernetes/serviceaccount.key: permission denied". */
export function openError(error: unknown, file: string): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new Error(`${code === "EISDIR" ? "read" : "open"} ${file}: ${reasons[code] ?? String(error)}`);
}

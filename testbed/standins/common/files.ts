const reasons: Record<string, string> = {
  EACCES: "permission denied",
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
  EROFS: "read-only file system",
};

/** Why a file could not be used, as Go says it: "open /etc/kubernetes/serviceaccount.key: permission denied". */
export function fileError(error: unknown, file: string): Error {
  const {
    code = "",
    syscall = "open",
    path = file,
  }: NodeJS.ErrnoException = error instanceof Error ? error : new Error();
  return new Error(`${syscall} ${path}: ${reasons[code] ?? String(error)}`);
}

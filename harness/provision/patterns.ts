/** Whether a path on a machine is one that a plan's pattern means; `*` stands for anything but a slash. */
export function matches(pattern: string, path: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+@]/g, "\\$&"));
  return new RegExp(`^${literal.join("[^/]*")}$`).test(path);
}

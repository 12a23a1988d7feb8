/** What SELinux denied, in the lines of an audit log: a sentence each, told once, with how often. */
export function denialsIn(text: string): string[] {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, verbs, rest] = /avc:\s+denied\s+\{ ([^}]*) \} for\s+(.*)$/.exec(line) ?? [];
    if (verbs === undefined || rest === undefined) continue;
    const word = (name: string) => new RegExp(`\\b${name}="?([^"\\s]+)`).exec(rest)?.[1];
    const object = word("path") ?? word("name") ?? word("dest") ?? word("src");
    const told = [word("comm") ?? "a process", verbs, word("tclass"), object].filter(
      (part) => part !== undefined,
    );
    const sentence = told.join(" ");
    counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  }
  return [...counts].map(([sentence, count]) => (count === 1 ? sentence : `${sentence} (${count} times)`));
}

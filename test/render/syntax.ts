/** What is wrong with a text, line by line, by the rules of who reads it on a machine. Nothing when all is well. */
type Syntax = (text: string) => string[];

const everyLine =
  (rule: (line: string) => boolean): Syntax =>
  (text) =>
    text.split("\n").flatMap((line, index) => (rule(line) ? [] : [`${index + 1}: ${line}`]));

const comment = /^\s*([#;]|$)/;

/** One value, as systemd reads it: bare, or in quotes that are closed; nothing to continue, nothing to expand. */
const value = /^([^\s"'\\$`]*|"[^"\\$`]*"|'[^']*')$/;

/** systemd's EnvironmentFile, and a shell's too: KEY=value. */
const environmentFile = everyLine((line) => {
  const [, given] = /^[A-Za-z_][A-Za-z0-9_]*=(.*)$/.exec(line) ?? [];
  return comment.test(line) || (given !== undefined && value.test(given));
});

/** Sections of `key = value`; what is indented goes on with the value before it. */
const iniFile: Syntax = (text) => {
  const first = text.split("\n").find((line) => !comment.test(line)) ?? "";
  const lines = everyLine((line) => comment.test(line) || /^\[[^\]]+\]$|^[\w.-]+\s*=|^[ \t]+\S/.test(line));
  return [...(first.startsWith("[") ? [] : [`no section before: ${first}`]), ...lines(text)];
};

const settingsFile = everyLine((line) => comment.test(line) || /^[\w./-]+\s*=\s*\S/.test(line));
const wordsFile = everyLine((line) => comment.test(line) || /^[\w-]+$/.test(line));
const hostsFile = everyLine((line) => comment.test(line) || /^[0-9a-f.:]+(\s+[a-z][\w.-]*)+$/.test(line));

const jsonFile: Syntax = (text) => {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [String(error)];
  }
};

/** Who reads what: the first that fits a path. YAML is looked at by another test, with the parser at hand. */
const readers: [RegExp, Syntax][] = [
  [/\.json$/, jsonFile],
  [/^\/etc\/(sysconfig|kubernetes|etcd)\/[^/]+$/, environmentFile],
  [/^\/etc\/yum\.conf$|^\/etc\/yum\.repos\.d\/[^/]+\.repo$|^\/etc\/systemd\/.+\.(conf|service)$/, iniFile],
  [/^\/etc\/sysctl\.d\//, settingsFile],
  [/^\/etc\/modules-load\.d\//, wordsFile],
  [/^\/etc\/hosts$/, hostsFile],
];

/** The rules for the file at a path; undefined where nobody wrote any. */
export const syntaxOf = (path: string): Syntax | undefined =>
  readers.find(([paths]) => paths.test(path))?.[1];

import { fact, linesOf } from "./fact.ts";

/** A package repository with what is in force for it: its own value, else the main section's, else the built-in one. */
interface Repository {
  id: string;
  file: string;
  enabled: boolean;
  /** Whether packages' signatures are checked. */
  gpgcheck: boolean;
  /** Whether the metadata's signature is checked. */
  repoGpgcheck: boolean;
  /** Whether a TLS server's certificate is checked. */
  sslverify: boolean;
  gpgkey: string[];
  baseurl: string[];
  mirrorlist: string | undefined;
}

interface PackageManager {
  /** Whether a package given as a file is checked too. */
  localpkgGpgcheck: boolean;
  repositories: Repository[];
}

type Section = Map<string, string>;

/** What each of the two does not read. */
const unread = { dnf: /^\/etc\/yum\.conf$/, yum: /^\/etc\/(dnf\/|distro\.repos\.d\/)/ };

/**
 * What yum or dnf believes, read from its files: `yum-config-manager` would say the same, but is Python, and slow
 * on an emulated machine. The built-in gpgcheck, repo_gpgcheck and localpkg_gpgcheck are off in both.
 */
export const packageManager = fact(
  "repositories",
  `readlink -f "$(command -v yum)"
grep -H '' /etc/yum.conf /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo /etc/yum/repos.d/*.repo /etc/distro.repos.d/*.repo 2>/dev/null || true`,
  (stdout): PackageManager => {
    const [program = "", ...lines] = linesOf(stdout);
    if (!program.startsWith("/")) throw new Error("expected to find yum");
    const tool = program.includes("dnf") ? "dnf" : "yum";
    const sections = ini(lines).filter(({ file }) => !unread[tool].test(file));
    const main: Section = sections.find(({ name }) => name === "main")?.values ?? new Map<string, string>();
    return {
      localpkgGpgcheck: isOn(main.get("localpkg_gpgcheck"), false),
      repositories: sections
        .filter(({ name }) => name !== "main")
        .map(({ file, name, values }) => repository(file, name, values, main)),
    };
  },
);

function repository(file: string, id: string, own: Section, main: Section): Repository {
  const inherited = (option: string, builtIn: boolean) => isOn(own.get(option) ?? main.get(option), builtIn);
  const list = (option: string) => (own.get(option) ?? "").split(/[\s,]+/).filter((item) => item !== "");
  return {
    id,
    file,
    enabled: isOn(own.get("enabled"), true),
    gpgcheck: inherited("gpgcheck", false),
    repoGpgcheck: inherited("repo_gpgcheck", false),
    sslverify: inherited("sslverify", true),
    gpgkey: list("gpgkey"),
    baseurl: list("baseurl"),
    mirrorlist: own.get("mirrorlist") ?? own.get("metalink"),
  };
}

const isOn = (value: string | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : ["1", "yes", "true", "on"].includes(value.toLowerCase());

/**
 * The sections of INI files as yum reads them, from lines that begin with their file: `#` and `;` begin comments, an
 * indented line continues the value.
 */
function ini(lines: readonly string[]): { file: string; name: string; values: Section }[] {
  const sections: { file: string; name: string; values: Section }[] = [];
  let option = "";
  for (const [, file = "", line = ""] of lines.map((text) => /^([^:]+):(.*)$/.exec(text) ?? [])) {
    if (line.trim() === "" || /^\s*[#;]/.test(line)) continue;
    const name = /^\[(.+)\]/.exec(line)?.[1];
    const at = line.indexOf("=");
    const last = sections.at(-1);
    const values = last?.file === file ? last.values : undefined;
    if (name !== undefined) sections.push({ file, name, values: new Map() });
    else if (/^\s/.test(line)) values?.set(option, `${values.get(option) ?? ""} ${line.trim()}`.trim());
    else if (at > 0) {
      option = line.slice(0, at).trim();
      values?.set(option, line.slice(at + 1).trim());
    }
  }
  return sections;
}

interface Rule {
  /** Literals of which one must be there for the pattern to be tried: looking for those is what makes it fast. */
  hints: readonly string[];
  pattern: RegExp;
  replacement: string;
}

/** A quote, escaped as often as texts were put into texts, or as HTML has it. */
export const quote = "(?:\\\\*[\"']|&quot;|&#34;|&#39;)";

/** What a value goes on with: not with white space, a quote, an escape, markup. */
const on = "[^\\s\"'\\\\<>&,;]";

const headers = `(?:authorization|x-registry-auth|x-registry-config|x-auth-token)${quote}?\\s*[:=]\\s*${quote}?`;
const words =
  "(?:auth|identity_?token|registry_?token|access_?token|refresh_?token|token|password|passwd|passphrase|secret|client_?secret)";

/** One kind of secret each, all of which are told by what they look like on their line. */
export const rules: readonly Rule[] = [
  {
    // A JSON Web Token, whole or cut: its header begins with {", which is eyJ in base64.
    hints: ["eyJ"],
    pattern: /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g,
    replacement: "[redacted: token]",
  },
  {
    // Without dots: a token that was cut, docker's X-Registry-Auth. Not within base64 of something else, such as a
    // picture, where any three letters come up.
    hints: ["eyJ"],
    pattern: /(?<![\w+/-])eyJ[\w+/-]{16,}={0,2}/g,
    replacement: "[redacted: token]",
  },
  {
    hints: ["uth", "UTH"],
    pattern: new RegExp(`(${headers}(?:bearer|basic|token|negotiate)\\s+)[\\w+/.~:-]{6,}=*`, "gi"),
    replacement: "$1[redacted: credentials]",
  },
  {
    hints: ["uth", "UTH"],
    pattern: new RegExp(`(${headers})(?=[\\w+/.~-]*\\d)[\\w+/.~-]{16,}=*`, "gi"),
    replacement: "$1[redacted: credentials]",
  },
  {
    hints: ["earer ", "EARER "],
    pattern: /(\bbearer +)(?=[\w+/.~-]*\d)[\w+/.~-]{16,}=*/gi,
    replacement: "$1[redacted: credentials]",
  },
  {
    hints: ["@"],
    pattern: /(:\/\/[^\s/:@"'<>\\&]*:)[^\s/"'<>\\]+@/g,
    replacement: "$1[redacted: password]@",
  },
  {
    hints: ["oken=", "assword=", "asswd=", "ecret=", "key="],
    pattern: new RegExp(
      `([?&](?:(?:access|id|refresh)_token|token|password|passwd|(?:client_)?secret|api_?key)=)(?!\\[redacted)${on}+`,
      "gi",
    ),
    replacement: "$1[redacted: password]",
  },
  {
    // crypt(3), as /etc/shadow and kickstart files have it: $6$salt$hash, $y$…, $2y$…
    hints: ["$1$", "$2", "$5$", "$6$", "$7$", "y$", "$apr1$", "$sha1$"],
    pattern: /\$(?:1|2[abxy]?|5|6|7|g?y|apr1|sha1)\$[\w./$,=]{20,}/g,
    replacement: "[redacted: password hash]",
  },
  {
    // Docker's credentials, as its config.json has them, and whatever else says of itself what it holds.
    hints: ["uth", "oken", "assw", "assphrase", "ecret"],
    pattern: new RegExp(`(${quote}${words}${quote}\\s*:\\s*${quote})(?!\\[redacted|/)[^"'\\\\&]+`, "gi"),
    replacement: "$1[redacted: password]",
  },
  {
    // Variables of units, processes and containers. A path is not what it leads to, nor is $NAME its value.
    hints: ["PASSW", "PASSPHRASE", "SECRET", "TOKEN", "KEY=", "CREDENTIAL"],
    pattern: new RegExp(
      `((?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|SECRET_KEY|CREDENTIALS?)=${quote}?)(?!\\[redacted)(?!/|\\$)${on}+`,
      "g",
    ),
    replacement: "$1[redacted: password]",
  },
  {
    // Flags; after a space only what does not look like a word.
    hints: ["password", "passwd", "passphrase", "token", "secret"],
    pattern: new RegExp(
      `(--(?:[a-z]+-)*(?:password|passwd|passphrase|token|secret)(?:=| +(?=${on}{12})(?=${on}*\\d)))(?!\\[redacted)(?![/$-])${on}+`,
      "g",
    ),
    replacement: "$1[redacted: password]",
  },
  {
    // A line of YAML or of an INI file, and nothing else on it: in a sentence, "password: denied" is none.
    hints: ["assword", "asswd", "assphrase"],
    pattern:
      /((?:^|\\n)[ \t]*(?:- )?[\w-]*(?:password|passwd|passphrase)[ \t]*[:=][ \t]*)(?!\[redacted)[^\s"'\\|>]+(?=[ \t]*(?:$|\\n))/gim,
    replacement: "$1[redacted: password]",
  },
];

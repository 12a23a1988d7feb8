const places = {
  value: "looking for beginning of value",
  element: "looking for beginning of value",
  key: "looking for beginning of object key string",
  member: "looking for beginning of object key string",
  colon: "after object key",
  end: "after top-level value",
  "}": "after object key:value pair",
  "]": "after array element",
};
type Expected = keyof typeof places;

const token = /"(?:[^"\\]|\\.)*(?:"|$)|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/y;

/**
 * JSON.parse with the errors of Go's decoder: `unexpected end of JSON input`, or the first character that is out
 * of place: `invalid character '}' looking for beginning of object key string`.
 */
export function parseGoJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(explain(text));
  }
}

function explain(text: string): string {
  const open: ("}" | "]")[] = [];
  const closed = (): Expected => open.at(-1) ?? "end";
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) return "unexpected end of JSON input";
    token.lastIndex = at;
    const found = token.exec(text)?.[0] ?? "";
    const next = step(found, expected, open, closed);
    if (next === undefined) return `invalid character ${quote(text[at] ?? "")} ${places[expected]}`;
    expected = next;
    at += found.length;
  }
}

/** What may follow `found`; undefined where `found` itself may not stand here. */
function step(
  found: string,
  expected: Expected,
  open: ("}" | "]")[],
  closed: () => Expected,
): Expected | undefined {
  const closes = { member: "}", "}": "}", element: "]", "]": "]" } as Partial<Record<Expected, string>>;
  if (found !== "" && found === closes[expected]) {
    open.pop();
    return closed();
  }
  if (expected === "colon") return found === ":" ? "value" : undefined;
  if (expected === "}" || expected === "]")
    return found === "," ? (expected === "}" ? "key" : "value") : undefined;
  if (expected === "key" || expected === "member") return found.startsWith('"') ? "colon" : undefined;
  if (expected === "end" || /^[}\],:]?$/.test(found)) return undefined;
  if (found !== "{" && found !== "[") return closed();
  open.push(found === "{" ? "}" : "]");
  return found === "{" ? "member" : "element";
}

function quote(character: string): string {
  return character === "'" ? "'\\''" : `'${character}'`;
}

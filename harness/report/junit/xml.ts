import { plain } from "../plain.ts";

type Attributes = Record<string, string | number | undefined>;

/** An element as text; it can only be made by `element`, so that no raw text gets into a document. */
export interface Element {
  readonly xml: string;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string =>
  plain(text).replace(/[&<>"]/g, (character) => escapes[character] ?? "");

/** An attribute's value; a parser would make plain spaces of line ends and tabs that are not written as numbers. */
const attribute = ([name, value]: [string, string | number | undefined]): string =>
  value === undefined
    ? ""
    : ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;

/** An element with its attributes, but for those that are undefined, around a text or other elements. */
export function element(name: string, attributes: Attributes, content: string | Element[] = []): Element {
  const start = `${name}${Object.entries(attributes).map(attribute).join("")}`;
  // Children are not indented: around a text, spaces would become part of it.
  const inside =
    typeof content === "string" ? escaped(content) : content.map(({ xml }) => `\n${xml}`).join("");
  if (inside === "") return { xml: `<${start}/>` };
  return { xml: `<${start}>${inside}${typeof content === "string" ? "" : "\n"}</${name}>` };
}

/** A whole document. */
export const xmlDocument = ({ xml }: Element): string => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`;

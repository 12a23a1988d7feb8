import type { SettingSource } from "./setting.ts";

/** A piece of a rendered text, up to where the next one starts. */
export interface Span {
  start: number;
  /** The template's line in which it begins, from 1. */
  line: number;
  /** Whether it stands in the template as it is, so that its line breaks are the template's. */
  literal: boolean;
  /** The lab file's values it came from, or that it is there because of: `flannel.prefix`. */
  labValues: readonly string[];
}

/** A half-open range of a text. */
export interface Range {
  start: number;
  end: number;
}

/** A rendered text that knows of each of its characters where it came from. */
export class TracedText {
  readonly text: string;
  readonly #origin: { file: string; lines: readonly string[] };
  readonly #spans: readonly Span[];

  constructor(text: string, origin: { file: string; lines: readonly string[] }, spans: readonly Span[]) {
    this.text = text;
    this.#origin = origin;
    this.#spans = spans;
  }

  /** A file that is taken as it is. */
  static plain(text: string, file: string): TracedText {
    const span = { start: 0, line: 1, literal: true, labValues: [] };
    return new TracedText(text, { file, lines: text.split("\n") }, [span]);
  }

  /** The line that a character came from. */
  sourceAt(offset: number): SettingSource {
    const span = this.#spans.findLast(({ start }) => start <= offset) ?? this.#spans[0];
    const before = span?.literal === true ? this.text.slice(span.start, offset).split("\n").length - 1 : 0;
    const line = (span?.line ?? 1) + before;
    const { file, lines } = this.#origin;
    return { file, line, text: (lines[line - 1] ?? "").replace(/\r$/, "") };
  }

  /** The lab file's values that ranges came from, each once, in order. */
  labValuesIn(ranges: readonly Range[]): string[] {
    const touched = this.#spans.filter((span, index) => {
      const end = this.#spans[index + 1]?.start ?? this.text.length;
      return ranges.some((range) => range.start < end && span.start < range.end);
    });
    return [...new Set(touched.flatMap(({ labValues }) => labValues))];
  }
}

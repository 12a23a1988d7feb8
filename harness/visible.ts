const hex = (char: string): string => char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

/**
 * A text as it may be shown to a person, wherever it came from: what a terminal would act on is shown as its picture
 * (␛), and what would turn the direction of the text around it, so that it reads as something else, by its number. Line
 * ends and tabs stay.
 */
export const visible = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(
      /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
      (char) => `⟨U+${hex(char)}⟩`,
    );

/** The same on one line. */
export const visibleLine = (text: string): string => visible(text).replaceAll("\n", "␊");

/** Prints a line that a person is to read. */
export const print = (line: string): void => {
  console.log(visible(line));
};

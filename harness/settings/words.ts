/** A word of a value, and where each of its characters stands. */
export interface Word {
  text: string;
  offsets: readonly number[];
}

const blanks = /[ \t\n\r]/;

/**
 * Splits a variable's value as systemd does where a unit's command line has `$NAME`: at blanks, without quotes and
 * backslashes (extract_first_word in src/basic/extract-word.c, relaxed).
 */
export function wordsOf(value: string, offsets: readonly number[]): Word[] {
  const words: { text: string; offsets: number[] }[] = [];
  let [word, quote]: [{ text: string; offsets: number[] } | undefined, string] = [undefined, ""];
  for (let index = 0; index < value.length; index++) {
    let char = value.charAt(index);
    if (quote === "" && blanks.test(char)) {
      word = undefined;
      continue;
    }
    if (word === undefined) words.push((word = { text: "", offsets: [] }));
    if (quote === char) {
      quote = "";
      continue;
    }
    if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
      continue;
    }
    if (char === "\\") {
      index++;
      char = value.charAt(index);
      if (char === "") break;
    }
    word.text += char;
    word.offsets.push(offsets[index] ?? 0);
  }
  return words;
}

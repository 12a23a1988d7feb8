/** The last lines of what a program printed, without empty ones. */
export const lastLines = (text: string, count: number): string[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);

/** What a container wrote, line by line. */
export type LogLines = {
  lines: readonly string[];
  /** Takes output as it comes; lines are ended by newlines. */
  take(text: string): void;
  /** No more output will come. */
  close(): void;
};

export function logLines(): LogLines {
  const lines: string[] = [];
  let open = "";
  return {
    lines,
    take(text) {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      lines.push(...parts);
    },
    close() {
      if (open) lines.push(open);
      open = "";
    },
  };
}

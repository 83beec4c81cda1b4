/** Several rules of one level end with the same "what to do", which the heading has said already: it is said once. */

const sentences = (text: string): string[] => text.split(/(?<=[.!?])\s+/).filter(Boolean);

export function withoutSameEnd<T extends { message: string }>(findings: readonly T[]): T[] {
  if (findings.length < 2) return [...findings];
  const all = findings.map(({ message }) => sentences(message));
  const [first = []] = all;
  let same = 0;
  while (same < first.length && all.every((each) => each.length > same && each.at(-1 - same) === first.at(-1 - same))) same += 1;
  return findings.map((finding, index) => ({ ...finding, message: (all[index] ?? []).slice(0, (all[index]?.length ?? 0) - same).join(" ") }));
}

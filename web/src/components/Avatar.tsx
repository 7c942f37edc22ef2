/** A person as two letters. The letters are drawn, not written: beside them always stands the name. */
export function Avatar({ name, isSmall = false }: { name: string; isSmall?: boolean }) {
  return (
    <span
      aria-hidden
      title={name}
      data-initials={initials(name)}
      className={`before:content-[attr(data-initials)] inline-flex shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent ${isSmall ? 'size-5 text-[10px]' : 'size-7 text-12'}`}
    />
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase()
}

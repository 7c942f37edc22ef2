/** Files dropped on one page that another page will upload. They wait in memory: a reload loses them, as it should. */
let waiting: File[] = []

export function handOverFiles(files: readonly File[]): void {
  waiting = [...files]
}

/** The files that wait, once: whoever takes them has them. */
export function takeHandedOverFiles(): File[] {
  const taken = waiting
  waiting = []
  return taken
}

/** Local storage that may be closed to us (private window, full, forbidden): then nothing is kept and nothing breaks. */
export const stored = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  write(key: string, value: string): void {
    try {
      localStorage.setItem(key, value)
    } catch {
      // Not keeping a preference is no reason to stop.
    }
  },
}

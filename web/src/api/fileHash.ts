/** The sha256 of a file in hexadecimal, computed in a worker that loads when the first file is hashed. Throws AbortError, and Error where the file cannot be read any more. */
export function hashFile(file: File, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./fileHash.worker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void) => {
      worker.terminate()
      settle()
    }
    const fail = () => end(() => reject(new Error(`“${file.name}” cannot be read any more: it was moved or changed. Choose it again.`)))
    worker.onmessage = ({ data }: MessageEvent<{ sha256: string | null }>) => {
      const { sha256 } = data
      if (sha256 === null) fail()
      else end(() => resolve(sha256))
    }
    worker.onerror = fail
    signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)), { once: true })
    worker.postMessage(file)
  })
}

/** Computes the sha256 of a file piece by piece, beside the page: it reads a file of any size without holding it. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const PIECE_BYTES = 4 * 1024 ** 2

self.onmessage = async ({ data: file }: MessageEvent<Blob>) => {
  try {
    const hash = sha256.create()
    for (let start = 0; start < file.size; start += PIECE_BYTES) {
      hash.update(new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer()))
    }
    self.postMessage({ sha256: bytesToHex(hash.digest()) })
  } catch {
    self.postMessage({ sha256: null })
  }
}

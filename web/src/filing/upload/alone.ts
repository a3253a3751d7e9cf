import { ApiProblem, api, asProblem, newKey } from '@/api'
import type { DraftFile } from '@/api/types'
import { backoff, nextPart } from './queue'

export interface AloneOptions {
  /** parts that arrived, of how many */
  arrived?: (n: number, of: number) => void
  signal?: AbortSignal
}

/**
 * One file outside a draft (a power of attorney, a proof): parts one by one, repeated while the network is gone.
 * What the court would not take is an error, with what it said of the file.
 */
export async function sendAlone(file: File, { arrived, signal }: AloneOptions = {}): Promise<DraftFile> {
  const upload = await api.my.startUpload({ name: file.name, size: file.size }, newKey())
  for (let tries = 0; ; ) {
    const n = nextPart(upload)
    try {
      if (signal?.aborted) throw new DOMException('left out', 'AbortError')
      if (n === null) return taken(await api.uploads.complete(upload.id))
      await api.uploads.putPart(upload.id, n, file.slice((n - 1) * upload.part_bytes, n * upload.part_bytes), signal)
      upload.received.push(n)
      arrived?.(upload.received.length, upload.parts)
      tries = 0
    } catch (error) {
      if (signal?.aborted) void api.uploads.cancel(upload.id).catch(() => undefined)
      if (signal?.aborted || !asProblem(error).isTransient || ++tries > 5) throw error
      await new Promise((r) => setTimeout(r, backoff(tries)))
    }
  }
}
function taken(file: DraftFile): DraftFile {
  if (file.state !== 'accepted' && file.problem) throw new ApiProblem(file.problem)
  return file
}

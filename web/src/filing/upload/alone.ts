import { api, asProblem, newKey } from '@/api'
import type { DraftFile } from '@/api/types'
import { backoff, nextPart } from './queue'

/** One small file outside a draft (a power of attorney): parts one by one, repeated while the network is gone. */
export async function sendAlone(file: File): Promise<DraftFile> {
  const upload = await api.my.startUpload({ name: file.name, size: file.size }, newKey())
  for (let tries = 0; ; ) {
    const n = nextPart(upload)
    try {
      if (n === null) return await api.uploads.complete(upload.id)
      await api.uploads.putPart(upload.id, n, file.slice((n - 1) * upload.part_bytes, n * upload.part_bytes))
      upload.received.push(n)
      tries = 0
    } catch (error) {
      if (!asProblem(error).isTransient || ++tries > 5) throw error
      await new Promise((r) => setTimeout(r, backoff(tries)))
    }
  }
}

import { api, newKey } from '@/api'

/** A file to the court in parts; answers its id. */
export async function upload(file: File, told: (n: number, of: number) => void): Promise<string> {
  const u = await api.my.startUpload({ name: file.name, size: file.size }, newKey())
  for (let n = 0; n < u.parts; n++) {
    told(n + 1, u.parts)
    await api.uploads.putPart(u.id, n + 1, file.slice(n * u.part_bytes, (n + 1) * u.part_bytes))
  }
  return (await api.uploads.complete(u.id)).id
}

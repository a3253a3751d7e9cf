import type { PDFDocumentLoadingTask } from 'pdfjs-dist'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

/** pdf.js comes only when a PDF is opened; the legacy build serves older phones. */
export async function loadPdf(url: string): Promise<PDFDocumentLoadingTask> {
  const [pdf, { PDF_DATA }] = await Promise.all([import('pdfjs-dist/legacy/build/pdf.mjs'), import('@/lib/pdfData')])
  pdf.GlobalWorkerOptions.workerSrc = worker
  return pdf.getDocument({ url, ...PDF_DATA, withCredentials: true, isEvalSupported: false, enableXfa: false, verbosity: 0 })
}

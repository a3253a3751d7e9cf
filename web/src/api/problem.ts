import type { FieldProblem, Language, Problem } from './types'

/** Codes made in the browser, when no answer of the court exists to quote. Words: i18n `problem.*`. */
export type LocalCode = 'local.offline' | 'local.unreachable' | 'local.bad_answer' | 'local.aborted' | 'local.not_confirmed'

/** The one error every call throws. */
export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    /** seconds, from Retry-After */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.code)
    this.name = 'ApiProblem'
  }
  get code(): string {
    return this.problem.code
  }
  get status(): number {
    return this.problem.status
  }
  get requestId(): string {
    return this.problem.request_id ?? ''
  }
  get isLocal(): boolean {
    return this.code.startsWith('local.')
  }
  /** Worth asking again without the person changing anything. */
  get isTransient(): boolean {
    return this.isLocal ? this.code !== 'local.aborted' && this.code !== 'local.not_confirmed' : this.status === 503 || this.status === 502 || this.status === 504
  }
  /** Problems by field: JSON pointer → problem; the single `field` form is folded in. */
  fields(): Map<string, FieldProblem> {
    const map = new Map<string, FieldProblem>()
    const { field, code, detail, detail_en, cure, cure_en } = this.problem
    if (field) map.set(field, { field, code, detail, detail_en, cure, cure_en })
    for (const e of this.problem.errors ?? []) map.set(e.field, e)
    return map
  }
}

export function localProblem(code: LocalCode, requestId = ''): ApiProblem {
  return new ApiProblem({
    type: 'about:blank', title: '', title_en: '', status: 0, code,
    detail: '', detail_en: '', cure: '', cure_en: '', request_id: requestId,
  })
}

/** Unknown failures become ApiProblem too, so that pages handle one kind only. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : localProblem('local.bad_answer')
}

/** Sentence for one field: what is wrong, then the cure. */
export function fieldSentence(p: FieldProblem, lang: Language): string {
  return lang === 'en' ? joinWords(p.detail_en, p.cure_en, ' ') : joinWords(p.detail, p.cure, '')
}
function joinWords(a: string, b: string, gap: string): string {
  return [a, b].filter(Boolean).join(gap)
}

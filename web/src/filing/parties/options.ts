/** Words of the official forms; stored as they stand on paper. `key` is the i18n key under filing.org. */
export const ORG_TYPES = [
  ['有限责任公司', 'limited'], ['股份有限公司', 'shares'], ['上市公司', 'listed'], ['其他企业法人', 'other_enterprise'], ['事业单位', 'institution'],
  ['社会团体', 'association'], ['基金会', 'foundation'], ['社会服务机构', 'service'], ['机关法人', 'organ'], ['农村集体经济组织法人', 'rural'],
  ['城镇农村的合作经济组织法人', 'cooperative'], ['基层群众性自治组织法人', 'committee'], ['个人独资企业', 'sole'], ['合伙企业', 'partnership'],
  ['不具有法人资格的专业服务机构', 'professional'],
] as const
export const OWNERSHIPS = [['国有（控股/参股）', 'state'], ['民营', 'private'], ['其他', 'other']] as const
/** 特别授权 matters (民诉法 62). */
export const POWER_MATTERS = ['承认诉讼请求', '放弃诉讼请求', '变更诉讼请求', '进行和解', '提起反诉', '提起上诉', '代收法律文书'] as const
export const POWER_KEYS: Record<(typeof POWER_MATTERS)[number], string> = {
  承认诉讼请求: 'admit', 放弃诉讼请求: 'waive', 变更诉讼请求: 'change', 进行和解: 'settle', 提起反诉: 'counterclaim', 提起上诉: 'appeal', 代收法律文书: 'receive',
}

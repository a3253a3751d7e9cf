//! Keeps typed text clean: one normal form, no invisible signs, lengths counted in signs.
//!
//! Owns: what text may enter the house, and how two names are compared. Must never change the
//! meaning of what a person typed: it normalises, or refuses and says where. Imports nothing of ours.

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// Why a text cannot be taken, with its cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextError {
    /// Stable code, such as `text.too_long`.
    pub code: &'static str,
    /// 原因.
    pub zh: String,
    /// The cause in English.
    pub en: String,
    /// 怎么办.
    pub cure_zh: String,
    /// The cure in English.
    pub cure_en: String,
    /// The sign at fault, counted from 1.
    pub at: Option<u32>,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.en)
    }
}

impl std::error::Error for TextError {}

/// How long a text may be, in signs, and whether it may have lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The fewest signs.
    pub min: usize,
    /// The most signs.
    pub max: usize,
    /// Whether line breaks and tabs may stand in it.
    pub lines: bool,
}

impl Bounds {
    /// Makes bounds of a field of one line.
    pub const fn line(min: usize, max: usize) -> Self {
        Self { min, max, lines: false }
    }
    /// Makes bounds of a text of many lines.
    pub const fn lines(min: usize, max: usize) -> Self {
        Self { min, max, lines: true }
    }
}

/// Brings a text into its normal form (NFC, `\n` line ends, no outer blanks) or says why not.
pub fn clean(text: &str, bounds: Bounds) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n");
    refuse_hidden(&text, bounds.lines)?;
    let normal: String = text.trim().nfc().collect();
    let signs = normal.chars().count();
    if signs > bounds.max {
        return Err(too_long(bounds.max, signs));
    }
    if signs < bounds.min {
        return Err(too_short(bounds.min, signs));
    }
    Ok(normal)
}

/// Refuses control characters, bidi overrides, zero-width signs and non-characters.
pub fn refuse_hidden(text: &str, lines: bool) -> Result<(), TextError> {
    for (i, c) in text.chars().enumerate() {
        let kind = match c {
            '\n' | '\t' if lines => continue,
            '\n' | '\t' | '\r' => {
                ("text.line_break", "换行或制表符", "a line break or tab", "这一栏只能写一行。", "This field takes one line.")
            }
            c if c.is_control() => ("text.control", "控制字符", "a control character", RETYPE.0, RETYPE.1),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}' => {
                ("text.bidi", "改变文字方向的隐藏字符", "a hidden sign that turns the text around", RETYPE.0, RETYPE.1)
            }
            '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}' => {
                ("text.zero_width", "看不见的零宽字符", "an invisible zero-width sign", RETYPE.0, RETYPE.1)
            }
            '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF9}'..='\u{FFFB}' => {
                ("text.broken", "乱码", "a broken sign", RETYPE.0, RETYPE.1)
            }
            _ => continue,
        };
        return Err(hidden(kind, i + 1));
    }
    Ok(())
}

const RETYPE: (&str, &str) =
    ("请删掉这个位置的内容重新输入，不要从别处粘贴。", "Delete the text there and type it again instead of pasting.");

type Hidden = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn hidden((code, zh, en, cure_zh, cure_en): Hidden, at: usize) -> TextError {
    TextError {
        code,
        zh: format!("第 {at} 个字符是{zh}。"),
        en: format!("Sign {at} is {en}."),
        cure_zh: cure_zh.to_owned(),
        cure_en: cure_en.to_owned(),
        at: u32::try_from(at).ok(),
    }
}

fn too_long(max: usize, got: usize) -> TextError {
    TextError {
        code: "text.too_long",
        zh: format!("这一栏最多 {max} 字，现在有 {got} 字。"),
        en: format!("This field takes {max} signs; there are {got}."),
        cure_zh: format!("请删去 {} 字，写不下的内容可以作为证据材料上传。", got - max),
        cure_en: format!("Take out {} signs; the rest can be uploaded as a file.", got - max),
        at: u32::try_from(max + 1).ok(),
    }
}

fn too_short(min: usize, got: usize) -> TextError {
    let (zh, en) = if got == 0 {
        ("这一栏还没有填。".to_owned(), "This field is empty.".to_owned())
    } else {
        (format!("这一栏至少 {min} 字，现在有 {got} 字。"), format!("This field needs {min} signs; there are {got}."))
    };
    TextError {
        code: if got == 0 { "text.empty" } else { "text.too_short" },
        zh,
        en,
        cure_zh: format!("请再写 {} 字以上。", min - got),
        cure_en: format!("Write at least {} more.", min - got),
        at: None,
    }
}

/// Makes the key by which two names are held to be one: half-width, without blanks, one kind of
/// middle dot, lower case. 有限责任公司 and 有限公司 stay different: they are different names.
pub fn name_key(name: &str) -> String {
    name.nfkc()
        .filter(|c| !c.is_whitespace() && !is_hidden(*c))
        .map(|c| match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '.' => '·',
            '—' | '–' | '−' | '‐' => '-',
            '「' | '『' | '“' | '”' | '"' => '\'',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Tells whether two names are one for the search of duplicates (民诉法解释 Art 247).
pub fn same_name(a: &str, b: &str) -> bool {
    let key = name_key(a);
    !key.is_empty() && key == name_key(b)
}

fn is_hidden(c: char) -> bool {
    refuse_hidden(c.encode_utf8(&mut [0; 4]), true).is_err()
}

/// Tells whether a text is made of the digits 0–9 only, and is not empty.
pub fn digits_only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Turns full-width signs into half-width ones and takes out blanks, for numbers typed on a phone.
pub fn half_width(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Counts the signs a reader sees as letters, without blanks; 20 are asked of a refusal (F09).
pub fn signs(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_signs_are_refused_with_their_place() {
        let rows = [
            ("张\u{0}三", "text.control", 2),
            ("张三\u{7f}", "text.control", 3),
            ("\u{202E}张三", "text.bidi", 1),
            ("张\u{2066}三", "text.bidi", 2),
            ("张\u{200B}三", "text.zero_width", 2),
            ("张三\u{FEFF}", "text.zero_width", 3),
            ("张\u{FFFD}", "text.broken", 2),
            ("张\n三", "text.line_break", 2),
        ];
        for (text, code, at) in rows {
            let error = clean(text, Bounds::line(0, 100)).unwrap_err();
            assert_eq!((error.code, error.at), (code, Some(at)), "{text:?}");
            assert!(!error.cure_zh.is_empty() && !error.cure_en.is_empty());
        }
        assert_eq!(clean("一\r\n二\t三", Bounds::lines(0, 10)).unwrap(), "一\n二\t三");
        assert_eq!(clean("一\r二", Bounds::lines(0, 10)).unwrap_err().code, "text.line_break");
    }

    #[test]
    fn text_is_normal_and_counted_in_signs() {
        assert_eq!(clean(" e\u{301} ", Bounds::line(1, 1)).unwrap(), "é");
        assert_eq!(clean("𠮷野家", Bounds::line(0, 3)).unwrap(), "𠮷野家");
        let error = clean("一二三四", Bounds::line(0, 3)).unwrap_err();
        assert_eq!((error.code, error.at), ("text.too_long", Some(4)));
        assert_eq!(clean("  ", Bounds::line(1, 3)).unwrap_err().code, "text.empty");
        assert_eq!(clean("一", Bounds::line(2, 3)).unwrap_err().code, "text.too_short");
    }

    #[test]
    fn names_meet_despite_width_and_blanks() {
        let rows = [
            ("山东鲁辰物流有限公司", "山东鲁辰 物流有限公司", true),
            ("青岛（东海）贸易有限公司", "青岛(东海)贸易有限公司", true),
            ("ＡＢＣ科技有限公司", "abc科技有限公司", true),
            ("阿依古丽·买买提", "阿依古丽•买买提", true),
            ("鲁辰有限公司", "鲁辰有限责任公司", false),
            ("张三", "张四", false),
            ("", "", false),
        ];
        for (a, b, same) in rows {
            assert_eq!(same_name(a, b), same, "{a} {b}");
        }
    }

    #[test]
    fn digits_are_ascii() {
        assert!(digits_only("0123") && !digits_only("０１") && !digits_only("") && !digits_only("1a"));
        assert_eq!(half_width("１３８ 0013"), "1380013");
        assert_eq!(signs("不符合 起诉\n条件"), 7);
    }
}

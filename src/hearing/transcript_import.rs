//! 导入笔录: plain text into entries. Owns reading who speaks and which section a line opens. Must never guess a speaker: a
//! name nobody of the hearing bears stays in the words, where its writer sees it.

use uuid::Uuid;

use super::editing::LONGEST_ENTRY;
use super::transcript::{Section, Template};

/// The most entries of one import.
pub const MOST: usize = 1000;

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Section.
    pub section: Section,
    /// Who speaks.
    pub speaker: Option<Uuid>,
    /// Words.
    pub text: String,
}

/// Reads a text. Names are those of the plates and people of the hearing, with whose they are.
pub fn read(text: &str, first: Section, template: Template, names: &[(String, Uuid)]) -> Vec<Read> {
    let (mut section, mut out) = (first, Vec::<Read>::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(head) = heading(line, template) {
            section = head;
            continue;
        }
        let (speaker, words) = spoken(line, names);
        match (speaker, out.last_mut()) {
            // a line without a name goes on with what was being said
            (None, Some(last)) if last.section == section && !line.contains('：') && fits(&last.text, words) => {
                last.text.push('\n');
                last.text.push_str(words);
            }
            _ => out.extend(cut(words).into_iter().map(|text| Read { section, speaker, text })),
        }
    }
    out
}

fn fits(text: &str, more: &str) -> bool {
    text.chars().count() + more.chars().count() < LONGEST_ENTRY
}

/// 【举证质证】, or 五、举证质证.
fn heading(line: &str, template: Template) -> Option<Section> {
    let bare = line.trim_start_matches('【').trim_end_matches(['】', '：', ':']).trim();
    let bare = match bare.split_once('、') {
        Some((number, rest)) if number.chars().all(|c| "一二三四五六七八九十".contains(c) || c.is_ascii_digit()) => rest.trim(),
        _ => bare,
    };
    template.sections().iter().copied().find(|s| s.zh() == bare)
}

/// 原告：……, by the longest name that fits.
fn spoken<'a>(line: &'a str, names: &[(String, Uuid)]) -> (Option<Uuid>, &'a str) {
    let Some((head, words)) = line.split_once(['：', ':']) else { return (None, line) };
    let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace() && !"（）()".contains(*c)).collect::<String>();
    let head = bare(head);
    let mut found = names.iter().filter(|(name, _)| bare(name) == head).map(|(_, id)| *id);
    match (found.next(), found.next(), words.trim()) {
        (Some(id), None, words) if !words.is_empty() => (Some(id), words),
        // two bear that name, or none: the clerk decides
        _ => (None, line),
    }
}

/// A speech that is too long for one entry becomes several.
fn cut(words: &str) -> Vec<String> {
    let signs: Vec<char> = words.chars().collect();
    signs.chunks(LONGEST_ENTRY).map(|c| c.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_headings_are_read_and_nothing_is_guessed() {
        let (judge, plaintiff) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let names = [("审判员 林致远".to_owned(), judge), ("审判员".to_owned(), judge), ("原告".to_owned(), plaintiff)];
        let text = "【诉讼请求与理由】\n审判员：请原告陈述。\n原告: 请求判令还款。\n另请求承担诉讼费。\n\n五、答辩意见\n张三：我不同意。\n审判员（林致远）：记录在案。";
        let found = read(text, Section::Attendance, Template::Ordinary, &names);
        assert_eq!(
            found,
            [
                Read { section: Section::Claims, speaker: Some(judge), text: "请原告陈述。".into() },
                Read {
                    section: Section::Claims, speaker: Some(plaintiff), text: "请求判令还款。\n另请求承担诉讼费。".into()
                },
                Read { section: Section::Defence, speaker: None, text: "张三：我不同意。".into() },
                Read { section: Section::Defence, speaker: Some(judge), text: "记录在案。".into() },
            ]
        );
    }

    #[test]
    fn a_name_two_bear_is_left_in_the_words() {
        let names = [("原告".to_owned(), Uuid::from_u128(1)), ("原告".to_owned(), Uuid::from_u128(2))];
        let found = read("原告：同意。", Section::Other, Template::Summary, &names);
        assert_eq!(found, [Read { section: Section::Other, speaker: None, text: "原告：同意。".into() }]);
        let long = "长".repeat(LONGEST_ENTRY + 3);
        assert_eq!(read(&long, Section::Other, Template::Summary, &[]).len(), 2, "cut, and nothing lost");
    }
}

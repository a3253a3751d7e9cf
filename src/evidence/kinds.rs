//! The kinds of file a court can take, by content. Owns their names, endings and what is done with each.
//! Pure: no I/O.

/// How a kind is looked into before it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The head says enough.
    Head,
    /// Parsed as PDF.
    Pdf,
    /// Decoded as a picture.
    Picture,
    /// Unpacked and counted.
    Zip,
    /// Old Office container, searched for encryption and macros.
    Compound,
}

/// Kinds whose endings are mixed up every day and open all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Phones and chat programs save one picture format under another's ending.
    Picture,
    /// mp4, mov and m4a are one container.
    Film,
    /// An ending here says what opens the file: it must fit.
    Own,
}

/// One kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Media type.
    pub media: &'static str,
    /// 叫法.
    pub zh: &'static str,
    /// Name.
    pub en: &'static str,
    /// Endings, the usual one first.
    pub endings: &'static [&'static str],
    /// How it is looked into.
    pub look: Look,
    /// Whose endings it shares.
    pub family: Family,
    /// May be shown in the page, in a sandbox.
    pub inline: bool,
}

const fn kind(
    media: &'static str,
    zh: &'static str,
    en: &'static str,
    endings: &'static [&'static str],
    look: Look,
    family: Family,
    inline: bool,
) -> Kind {
    Kind { media, zh, en, endings, look, family, inline }
}

/// Word, new form.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Excel, new form.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// GB/T 33190 版式文档.
pub const OFD: &str = "application/ofd";
/// Word, old form.
pub const DOC: &str = "application/msword";

use {Family as F, Look as L};

/// Every kind a court may take; taken where a court sets nothing narrower.
pub const KINDS: &[Kind] = &[
    kind("application/pdf", "PDF", "PDF", &["pdf"], L::Pdf, F::Own, true),
    kind(OFD, "OFD", "OFD", &["ofd"], L::Zip, F::Own, false),
    kind("image/jpeg", "JPG 图片", "JPEG picture", &["jpg", "jpeg", "jpe", "jfif"], L::Picture, F::Picture, true),
    kind("image/png", "PNG 图片", "PNG picture", &["png"], L::Picture, F::Picture, true),
    kind("image/webp", "WebP 图片", "WebP picture", &["webp"], L::Picture, F::Picture, true),
    kind("image/tiff", "TIFF 图片", "TIFF picture", &["tif", "tiff"], L::Picture, F::Picture, true),
    kind("image/bmp", "BMP 图片", "BMP picture", &["bmp"], L::Picture, F::Picture, true),
    kind("image/gif", "GIF 图片", "GIF picture", &["gif"], L::Picture, F::Picture, true),
    kind("image/heic", "HEIC 图片", "HEIC picture", &["heic", "heif"], L::Head, F::Picture, true),
    kind("audio/mpeg", "MP3 录音", "MP3 audio", &["mp3"], L::Head, F::Own, true),
    kind("audio/wav", "WAV 录音", "WAV audio", &["wav"], L::Head, F::Own, true),
    kind("audio/mp4", "M4A 录音", "M4A audio", &["m4a", "aac"], L::Head, F::Film, true),
    kind("audio/aac", "AAC 录音", "AAC audio", &["aac"], L::Head, F::Film, true),
    kind("video/mp4", "MP4 视频", "MP4 video", &["mp4", "m4v", "3gp"], L::Head, F::Film, true),
    kind("video/quicktime", "MOV 视频", "MOV video", &["mov", "qt"], L::Head, F::Film, true),
    kind(DOCX, "Word 文档（docx）", "Word document (docx)", &["docx"], L::Zip, F::Own, false),
    kind(XLSX, "Excel 表格（xlsx）", "Excel sheet (xlsx)", &["xlsx"], L::Zip, F::Own, false),
    kind(DOC, "Word 文档（doc）", "Word document (doc)", &["doc", "wps"], L::Compound, F::Own, false),
    kind("text/plain", "文本文件", "Plain text", &["txt", "text", "log", "csv", "md"], L::Head, F::Own, false),
];

/// The kind of a media type, under any of the names in use.
pub fn of_media(media: &str) -> Option<&'static Kind> {
    let media = match media {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "image/heif" => "image/heic",
        "audio/x-wav" | "audio/vnd.wave" | "audio/wave" => "audio/wav",
        "audio/mp3" => "audio/mpeg",
        "audio/x-m4a" | "audio/m4a" => "audio/mp4",
        "application/vnd.ofd" | "application/x-ofd" => OFD,
        other => other,
    };
    KINDS.iter().find(|kind| kind.media == media)
}

/// May this type be shown in the page?
pub fn shown_inline(media: &str) -> bool {
    of_media(media).is_some_and(|kind| kind.inline)
}

/// The ending of a name in lower case, without the dot; empty when it has none that looks like one.
pub fn ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((head, tail)) if !head.is_empty() && (1..=8).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            tail.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

/// The kinds an ending belongs to.
pub fn of_ending(ending: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.endings.contains(&ending))
}

/// Endings that a double click would run, on one system or another.
const RUNS: &[&str] = &[
    "exe", "com", "scr", "pif", "msi", "msp", "dll", "sys", "cpl", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "wsf",
    "wsh", "hta", "lnk", "reg", "inf", "jar", "class", "apk", "aab", "ipa", "app", "dmg", "pkg", "deb", "rpm", "sh", "bash", "csh", "zsh",
    "run", "bin", "elf", "so", "dylib", "py", "pyc", "pl", "rb", "php", "asp", "aspx", "jsp", "cgi", "wasm", "docm", "xlsm", "pptm",
    "dotm", "xltm", "xlam", "chm", "gadget", "scf", "url", "desktop", "command",
];

/// Endings of pages that run scripts where they are opened.
const ACTIVE: &[&str] = &["html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt", "swf"];

/// True for an ending that a double click would run.
pub fn runs(ending: &str) -> bool {
    RUNS.contains(&ending)
}

/// True for an ending of a page with scripts.
pub fn active(ending: &str) -> bool {
    ACTIVE.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_read_as_people_mean_them() {
        assert_eq!(ending("合同.PDF"), "pdf");
        assert_eq!(ending("收条"), "");
        assert_eq!(ending(".pdf"), "");
        assert_eq!(ending("判决书.2024年版"), "");
        assert_eq!(ending("发票.pdf.exe"), "exe");
    }

    #[test]
    fn no_kind_has_an_ending_that_runs() {
        assert!(KINDS.iter().flat_map(|k| k.endings).all(|e| !runs(e) && !active(e)));
        assert!(KINDS.iter().all(|k| of_media(k.media) == Some(k)));
    }
}

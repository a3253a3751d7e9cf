//! Why a file is not taken, each with its cause and its cure. Owns the words and the codes.
//! Pure: no I/O.

use crate::error::{Error, Problem, said};

use super::kinds::{self, Kind};
use super::types::FileWarning;

/// Every code a kept refusal may carry.
const CODES: &[&str] = &[
    "file.empty",
    "file.too_large",
    "file.executable",
    "file.active_content",
    "file.archive",
    "file.unknown_type",
    "file.type_mismatch",
    "file.type_not_accepted",
    "file.encrypted",
    "file.broken_pdf",
    "file.broken_picture",
    "file.broken_document",
    "file.too_many_pixels",
    "file.zip_bomb",
    "file.zip_path",
    "file.quarantined",
];

/// 1.5 GB, 20 MB, 3 KB.
pub fn bytes_said(n: i64) -> String {
    let n = n as f64;
    match n {
        n if n >= 1_073_741_824.0 => format!("{:.1} GB", n / 1_073_741_824.0),
        n if n >= 1_048_576.0 => format!("{:.0} MB", n / 1_048_576.0),
        n => format!("{:.0} KB", (n / 1024.0).max(1.0)),
    }
}

/// Nothing in it.
pub fn empty() -> Error {
    Error::invalid(
        "file.empty",
        said("这个文件是空的（0 字节）。", "This file is empty (0 bytes)."),
        said("请打开原文件看看内容还在不在，重新保存后再传。", "Open the original, save it again and upload that."),
    )
    .at("/size")
}

/// More than may be taken.
pub fn too_large(size: i64, most: i64) -> Error {
    Error::invalid(
        "file.too_large",
        said(
            format!("这个文件 {}，最大能收 {}。", bytes_said(size), bytes_said(most)),
            format!("This file is {}; the most taken is {}.", bytes_said(size), bytes_said(most)),
        ),
        said(
            "请拆成几份分别上传，或把录像转成较小的格式；也可以刻盘交到窗口。",
            "Split it, or save the video smaller; or bring a disc to the counter.",
        ),
    )
    .at("/size")
}

/// A program or a script.
pub fn executable() -> Error {
    Error::invalid(
        "file.executable",
        said("这是程序或脚本文件，不能作为材料。", "This is a program or a script; it cannot be filed."),
        said("请把要证明的内容截图，或导出为 PDF 再上传。", "Take a screenshot of what it shows, or export that as PDF."),
    )
}

/// A page with scripts.
pub fn active_content() -> Error {
    Error::invalid(
        "file.active_content",
        said("网页文件（HTML、SVG、XML）里可能有脚本，不能收。", "Web pages (HTML, SVG, XML) may hold scripts and are not taken."),
        said("请在浏览器里打开它，用「打印 → 另存为 PDF」后上传。", "Open it in a browser, print it to PDF and upload that."),
    )
}

/// A packed archive.
pub fn archive() -> Error {
    Error::invalid(
        "file.archive",
        said("这是压缩包，里面的文件没法逐份核对。", "This is an archive; its files cannot be checked one by one."),
        said("请先解压，把里面的文件一次选中一起上传。", "Unpack it and upload the files inside, all at once."),
    )
}

/// Nobody knows what it is.
pub fn unknown_type(accepted: &[&'static Kind]) -> Error {
    Error::invalid("file.unknown_type", said("认不出这是什么文件。", "What kind of file this is cannot be told."), cure_accepted(accepted))
}

/// Known, but not taken here.
pub fn not_accepted(what_zh: &str, what_en: &str, accepted: &[&'static Kind]) -> Error {
    Error::invalid(
        "file.type_not_accepted",
        said(format!("这是{what_zh}，这里不收这种格式。"), format!("This is a file of the kind {what_en}, which is not taken here.")),
        cure_accepted(accepted),
    )
}

fn cure_accepted(accepted: &[&'static Kind]) -> crate::error::Said {
    let zh: Vec<_> = accepted.iter().map(|k| k.zh).collect();
    let en: Vec<_> = accepted.iter().map(|k| k.en).collect();
    said(
        format!("请转换后再传：可以收{}。文字材料另存为 PDF 最稳妥。", zh.join("、")),
        format!("Convert it first: {} are taken. PDF is the safest for text.", en.join(", ")),
    )
}

/// The name says one thing, the content another.
pub fn mismatch(ending: &str, found_zh: &str, found_en: &str) -> Error {
    Error::invalid(
        "file.type_mismatch",
        said(
            format!("文件名写的是 .{ending}，内容其实是{found_zh}。"),
            format!("The name says .{ending}, but the content is: {found_en}."),
        ),
        said(
            "请不要直接改扩展名；用原来的软件打开，另存为 PDF 后上传。",
            "Do not just rename it; open it in its own program, save as PDF and upload that.",
        ),
    )
}

/// Needs a password.
pub fn encrypted() -> Error {
    Error::invalid(
        "file.encrypted",
        said("这个文件设了打开密码，法院打不开。", "This file needs a password to open; the court cannot read it."),
        said("请去掉密码后另存一份再传（打开文件 → 文件 → 保护 → 移除密码）。", "Save a copy without the password and upload that."),
    )
}

/// A file over what the examiner can hold.
fn too_large_to_read(what_zh: &str, what_en: &str) -> Error {
    Error::invalid(
        "file.too_large",
        said(format!("这份{what_zh}超过 512 MB，没法检查。"), format!("This {what_en} is over 512 MB and cannot be checked.")),
        said("请拆成几份，每份不超过 512 MB。", "Split it into files of at most 512 MB."),
    )
}

/// The refusal that an examiner's fault means; nothing for a code it does not know.
pub fn of_fault(code: &str, n: Option<u64>) -> Option<Error> {
    let count = n.unwrap_or_default();
    Some(match code {
        "encrypted" => encrypted(),
        "executable" => executable(),
        "archive" => archive(),
        "too_large_to_read" => too_large_to_read("文件", "file"),
        "broken_pdf" => Error::invalid(
            "file.broken_pdf",
            said("这个 PDF 坏了或没有传全，打不开。", "This PDF is damaged or incomplete and cannot be opened."),
            said(
                "请用阅读软件打开原件，「打印 → 另存为 PDF」后上传；打不开就重新扫描。",
                "Open the original, print it to PDF and upload that; if it does not open, scan again.",
            ),
        ),
        "broken_picture" => Error::invalid(
            "file.broken_picture",
            said("这张图片坏了或没有存全，打不开。", "This picture is damaged or incomplete."),
            said("请重新拍照，或在手机相册里打开后截图再传。", "Take it again, or open it in your album and upload a screenshot."),
        ),
        "broken_document" => Error::invalid(
            "file.broken_document",
            said("这个文档坏了或没有存全，打不开。", "This document is damaged or incomplete."),
            said("请用原来的软件打开，另存为 PDF 后上传。", "Open it in its own program, save as PDF and upload that."),
        ),
        "too_many_pixels" => Error::invalid(
            "file.too_many_pixels",
            said(
                format!("这张图片有 {} 万像素，最多 5000 万。", count / 10_000),
                format!("This picture has {} million pixels; the most is 50 million.", count / 1_000_000),
            ),
            said("请把图片缩小，或裁成几张分别上传。", "Make it smaller, or cut it into several pictures."),
        ),
        "zip_bomb" => Error::invalid(
            "file.zip_bomb",
            said(
                "这个文件解开后大得不正常（超过 500 MB、100 倍或 1000 个文件），不能收。",
                "Unpacked, this file is abnormally large (over 500 MB, 100 times its size, or 1,000 entries).",
            ),
            said("请用原来的软件打开，另存为 PDF 后上传。", "Open it in its own program, save as PDF and upload that."),
        ),
        "zip_path" => Error::invalid(
            "file.zip_path",
            said(
                "这个文件里有指向外部的路径、链接或层层嵌套的压缩包，不能收。",
                "This file holds outside paths, links or archives within archives.",
            ),
            said("请用原来的软件打开，另存为 PDF 后上传。", "Open it in its own program, save as PDF and upload that."),
        ),
        _ => return None,
    })
}

/// Held back: the examiner itself did not come through.
pub fn quarantined() -> Error {
    Error::conflict(
        "file.quarantined",
        said(
            "这个文件没能在规定时间内检查完，已隔离，暂不能查看。",
            "This file could not be checked in time; it is held back and cannot be viewed.",
        ),
        said(
            "请另存为 PDF 重新上传；原件已保留，也可请立案窗口人工核对。",
            "Save it as PDF and upload again; the original is kept and a clerk can look at it.",
        ),
    )
}

/// A kept refusal, said once more.
pub fn again(problem: &Problem) -> Error {
    let code = CODES.iter().find(|code| **code == problem.code).copied().unwrap_or("file.unknown_type");
    Error::invalid(code, said(problem.detail.clone(), problem.detail_en.clone()), said(problem.cure.clone(), problem.cure_en.clone()))
}

/// A word on an accepted file.
pub fn warning(code: &str) -> Option<FileWarning> {
    let (text, text_en) = match code {
        "pdf.javascript" => ("这个 PDF 里有脚本；查看时不会运行。", "This PDF holds scripts; they are not run."),
        "pdf.launch" => ("这个 PDF 会要求打开其他程序；查看时不会执行。", "This PDF asks to start programs; that is not done."),
        "pdf.attachments" => {
            ("这个 PDF 里还夹带了其他文件；夹带的文件请单独上传。", "This PDF carries other files; upload those by themselves.")
        }
        "pdf.restricted" => ("这个 PDF 限制了打印或复制，但可以查看。", "This PDF restricts printing or copying; it can be read."),
        "pdf.repaired" => ("这个 PDF 有小毛病，已能读出；建议核对页数。", "This PDF is slightly damaged but readable; check its pages."),
        "office.macros" => ("这个文档里有宏；查看时不会运行。", "This document holds macros; they are not run."),
        "office.embedded" => ("这个文档里嵌有其他文件；请单独上传它们。", "This document embeds other files; upload those by themselves."),
        "picture.blank" => {
            ("这张图上好像什么也没有；请看一眼是不是传错了。", "There seems to be nothing on this picture; check that it is the right one.")
        }
        "picture.dark" => (
            "这张图太暗，字可能看不清；请在亮处重拍。",
            "This picture is very dark and may not be readable; photograph it again in better light.",
        ),
        "picture.blurred" => (
            "这张图有些模糊，字可能看不清；请放稳、对焦后重拍。",
            "This picture is blurred and may not be readable; hold still, focus and take it again.",
        ),
        "picture.small" => (
            "这张图像素太少，放大后可能看不清；请传原图。",
            "This picture has few pixels and may not be readable enlarged; upload the original.",
        ),
        "name.ending" => ("扩展名和内容不一致，已按内容识别。", "The ending does not fit the content; the content counts."),
        _ => return None,
    };
    Some(FileWarning { code: code.to_owned(), text: text.to_owned(), text_en: text_en.to_owned() })
}

/// Accepted kinds of a list of media types; every kind when the list is empty.
pub fn accepted(types: &[String]) -> Vec<&'static Kind> {
    let listed: Vec<_> = types.iter().filter_map(|t| kinds::of_media(t)).collect();
    if listed.is_empty() { kinds::KINDS.iter().collect() } else { listed }
}

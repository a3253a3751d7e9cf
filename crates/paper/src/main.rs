//! `lianting-paper`: case data and a built-in template in, a PDF out, over standard input and output.
//!
//! Owns: typesetting, fonts, the templates and their sample data. Must never: open a socket, read a file other
//! than a font, know a court's secrets beyond the one request it holds, or die of a wrong request.

mod answer;
mod check;
mod fonts;
mod frame;
mod glyphs;
mod images;
mod qr;
mod render;
mod request;
mod serve;
mod templates;
mod world;

use std::process::ExitCode;

const USAGE: &str = "lianting-paper [--once | --check | --list | --sample TEMPLATE | --version]
without an argument: u32 length + JSON requests on stdin, u32 length + JSON (+ u32 length + PDF) on stdout";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => with_fonts(serve::stream),
        ["--once"] => with_fonts(serve::once),
        ["--check"] => with_fonts(check::every_template),
        ["--list"] => list(),
        ["--sample", name] => sample(name),
        ["--version"] => {
            println!("lianting-paper {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Finds the fonts and runs `work` on a thread whose stack is large enough for deeply nested layouts.
fn with_fonts(work: fn(render::Renderer) -> ExitCode) -> ExitCode {
    let fonts = match fonts::Fonts::find() {
        Ok(fonts) => fonts,
        Err(problem) => {
            eprintln!("lianting-paper: {problem}");
            return ExitCode::from(2);
        }
    };
    let renderer = render::Renderer::new(fonts);
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(move || work(renderer));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(101),
        Err(problem) => {
            eprintln!("lianting-paper: no thread to work on: {problem}");
            ExitCode::from(2)
        }
    }
}

fn list() -> ExitCode {
    for template in templates::ALL {
        println!("{}", template.name);
    }
    ExitCode::SUCCESS
}

fn sample(name: &str) -> ExitCode {
    match templates::find(name) {
        Some(template) => {
            print!("{}", template.sample);
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("lianting-paper: no template {name:?}");
            ExitCode::from(2)
        }
    }
}

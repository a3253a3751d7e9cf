//! The two ways to be asked: a stream of frames, or one request. Owns the pipe; must never typeset itself.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use serde_json::Value;

use crate::answer::{Code, Header, Paper, Problem};
use crate::frame::{self, Frame};
use crate::render::Renderer;
use crate::request::{INPUT_CAP, Request};

/// Answers frames until the caller closes the pipe.
pub fn stream(renderer: Renderer) -> ExitCode {
    match answer_all(&renderer, &mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("lianting-paper: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn answer_all(renderer: &Renderer, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    loop {
        match frame::read(from, INPUT_CAP)? {
            Frame::End => return Ok(()),
            Frame::Whole(json) => {
                let (id, outcome) = answer(renderer, &json);
                send(to, &id, &outcome)?;
            }
            Frame::TooLong(length) => {
                let problem = Problem::new(Code::Input, format!("a request of {length} bytes; at most {INPUT_CAP}"));
                return send(to, &Value::Null, &Err(problem));
            }
        }
    }
}

fn answer(renderer: &Renderer, json: &[u8]) -> (Value, Result<Paper, Problem>) {
    match Request::parse(json) {
        Ok(request) => (request.id.clone(), renderer.render(request)),
        Err(problem) => (id_of(json), Err(problem)),
    }
}

/// The id of a request that is otherwise unreadable, so that the caller can match the refusal.
fn id_of(json: &[u8]) -> Value {
    serde_json::from_slice::<Value>(json).ok().and_then(|request| request.get("id").cloned()).unwrap_or_default()
}

fn send(to: &mut impl Write, id: &Value, outcome: &Result<Paper, Problem>) -> io::Result<()> {
    frame::write(to, &serde_json::to_vec(&Header::of(id, outcome))?)?;
    if let Ok(paper) = outcome {
        frame::write(to, &paper.pdf)?;
    }
    to.flush()
}

/// Answers one bare JSON request: the PDF on stdout, or the problem on stderr.
pub fn once(renderer: Renderer) -> ExitCode {
    let mut json = Vec::new();
    if let Err(problem) = io::stdin().lock().take(INPUT_CAP as u64 + 1).read_to_end(&mut json) {
        eprintln!("lianting-paper: {problem}");
        return ExitCode::FAILURE;
    }
    let (id, outcome) = answer(&renderer, &json);
    let written = match &outcome {
        Ok(paper) => io::stdout().lock().write_all(&paper.pdf),
        Err(_) => serde_json::to_writer(io::stderr().lock(), &Header::of(&id, &outcome)).map_err(io::Error::from),
    };
    match (written, outcome) {
        (Ok(()), Ok(_)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

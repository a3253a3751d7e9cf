//! The process as its caller sees it: frames in, frames out.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_lianting-paper"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the renderer starts")
}

fn sample(name: &str) -> Value {
    let out = start(&["--sample", name]).wait_with_output().unwrap().stdout;
    serde_json::from_slice(&out).unwrap()
}

fn request(id: u32, template: &str, data: &Value) -> Vec<u8> {
    json!({"id": id, "template": template, "data": data, "created_at": "2026-11-22T02:31:05Z"}).to_string().into()
}

fn send(child: &mut Child, bytes: &[u8]) {
    let stdin = child.stdin.as_mut().unwrap();
    stdin.write_all(&(bytes.len() as u32).to_be_bytes()).unwrap();
    stdin.write_all(bytes).unwrap();
    stdin.flush().unwrap();
}

fn frame(child: &mut Child) -> Vec<u8> {
    let stdout = child.stdout.as_mut().unwrap();
    let mut length = [0; 4];
    stdout.read_exact(&mut length).unwrap();
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    stdout.read_exact(&mut bytes).unwrap();
    bytes
}

fn header(child: &mut Child) -> Value {
    serde_json::from_slice(&frame(child)).unwrap()
}

#[test]
fn one_process_answers_many_and_survives_nonsense() {
    let data = sample("acceptance_notice");
    let mut child = start(&[]);
    send(&mut child, &request(1, "acceptance_notice", &data));
    let first = header(&mut child);
    assert_eq!((&first["id"], &first["ok"]), (&json!(1), &json!(true)));
    let pdf = frame(&mut child);
    assert_eq!(first["bytes"], pdf.len());
    assert!(pdf.starts_with(b"%PDF-1.7"));

    send(&mut child, b"not json");
    assert_eq!(header(&mut child)["error"]["code"], "request");
    send(&mut child, br#"{"id":"x"}"#);
    let refused = header(&mut child);
    assert_eq!((&refused["id"], &refused["ok"]), (&json!("x"), &json!(false)));
    send(&mut child, &request(3, "acceptance_notice", &json!({})));
    let refused = header(&mut child);
    assert_eq!(refused["error"]["template"], "acceptance_notice");
    assert!(refused["error"]["line"].is_u64());

    send(&mut child, &request(1, "acceptance_notice", &data));
    assert_eq!(header(&mut child), first);
    assert_eq!(frame(&mut child), pdf, "the same request, the same bytes");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_frame_over_the_cap_ends_the_talk_with_an_answer() {
    let mut child = start(&[]);
    child.stdin.as_mut().unwrap().write_all(&u32::MAX.to_be_bytes()).unwrap();
    assert_eq!(header(&mut child)["error"]["code"], "input");
    assert!(child.wait().unwrap().success());
}

#[test]
fn once_writes_the_pdf_or_the_problem() {
    let mut child = start(&["--once"]);
    child.stdin.take().unwrap().write_all(&request(1, "offline_note", &sample("offline_note"))).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success() && out.stdout.starts_with(b"%PDF"));

    let mut child = start(&["--once"]);
    child.stdin.take().unwrap().write_all(b"{}").unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(!out.status.success() && out.stdout.is_empty());
    let problem: Value = serde_json::from_slice(&out.stderr).unwrap();
    assert_eq!(problem["ok"], false);
}

#[test]
fn the_installers_check_passes() {
    let out = start(&["--check"]).wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}

#[test]
fn a_machine_without_chinese_fonts_is_told_so() {
    let empty = std::env::temp_dir().join(format!("lianting-paper-{}", std::process::id()));
    std::fs::create_dir_all(empty.join("fonts")).unwrap();
    let there = Command::new(env!("CARGO_BIN_EXE_lianting-paper")).arg("--check").env("LIANTING_FONTS", &empty).output();
    std::fs::remove_dir_all(&empty).unwrap();
    let out = there.unwrap();
    // The machine's own fonts are the last place looked at; where there are none, the words must help.
    let told = String::from_utf8_lossy(&out.stderr).contains("LIANTING_FONTS");
    assert!(out.status.success() || told);
}

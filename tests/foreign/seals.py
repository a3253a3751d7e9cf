"""Sealed papers before foreign eyes: pyHanko, pdfsig (NSS) and OpenSSL must accept what we seal, and `lianting verify`
and pyHanko must refuse what was tampered with, ours with the right reason.

usage: seals.py BIN-DIR WORK-DIR   (scripts/seals.sh makes the environment)
"""
import json
import pathlib
import re
import struct
import subprocess
import sys
import zipfile

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN, WORK = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
SEALS = WORK / "seals"
failures = []


def run(*words, ok=True):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if ok and done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done


def seal(*words):
    return run(BIN / "lianting", "seal", "--seals", SEALS, *words)


def expect(what, holds, seen=""):
    if not holds:
        failures.append(f"{what}: {seen}")
        print("NOT", what, seen)


def set_papers():
    """Every template that has a place for a seal, with room for it; answers name -> (file, place)."""
    renderer = subprocess.Popen([str(BIN / "lianting-paper")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    frame = lambda: renderer.stdout.read(struct.unpack(">I", renderer.stdout.read(4))[0])
    papers = {}
    for name in run(BIN / "lianting-paper", "--list").stdout.split():
        if name == "photo_pages":
            continue
        data = json.loads(run(BIN / "lianting-paper", "--sample", name).stdout) | {"e_seal": True}
        data["court"] = data.get("court", {}) | {"name": "济南市历下区人民法院"}
        request = json.dumps({"id": name, "template": name, "data": data, "created_at": "2026-11-22T08:00:00Z"}).encode()
        renderer.stdin.write(struct.pack(">I", len(request)) + request)
        renderer.stdin.flush()
        head = json.loads(frame())
        if not head["ok"]:
            sys.exit(head)
        pdf = frame()
        if place := head.get("seal"):
            (WORK / f"{name}.pdf").write_bytes(pdf)
            papers[name] = f"{place['page']},{place['x']},{place['y']}"
    renderer.stdin.close()
    renderer.wait()
    return papers


def pyhanko(path, stamped):
    context = ValidationContext(trust_roots=[load_cert_from_pemder(str(SEALS / "root.pem"))], allow_fetching=False)
    stamps = ValidationContext(trust_roots=[load_cert_from_pemder(str(SEALS / "stamps.pem"))], allow_fetching=False)
    with open(path, "rb") as file:
        signature = PdfFileReader(file, strict=True).embedded_signatures[-1]
        status = validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=stamps)
    stamp = status.timestamp_validity
    good = status.bottom_line and status.coverage.name == "ENTIRE_FILE"
    return bool(good and (not stamped or (stamp and stamp.valid and stamp.trusted))), status.summary()


def pdfsig(path):
    said = run("pdfsig", path, ok=False).stdout
    return "Signature is Valid." in said and "Total document signed" in said, said


def openssl(path):
    """The CMS message over the covered bytes, and the time stamp token over the signature's value."""
    raw = path.read_bytes()
    at = [int(n) for n in re.findall(rb"/ByteRange\[(\d+) (\d+) (\d+) (\d+)\]", raw)[-1]]
    message = bytes.fromhex(raw[at[1] + 1 : at[2] - 1].decode())
    content, cms = WORK / "content", WORK / "message.der"
    content.write_bytes(raw[: at[1]] + raw[at[2] :])
    cms.write_bytes(message)
    trust = ["-CAfile", SEALS / "root.pem", "-purpose", "any"]
    said = run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-content", content, "-out", "/dev/null", *trust, ok=False)
    return said.returncode == 0, said.stderr


def openssl_ts(path):
    from asn1crypto import cms as asn1_cms

    raw = path.read_bytes()
    at = [int(n) for n in re.findall(rb"/ByteRange\[(\d+) (\d+) (\d+) (\d+)\]", raw)[-1]]
    message = asn1_cms.ContentInfo.load(bytes.fromhex(raw[at[1] + 1 : at[2] - 1].decode()), strict=False)
    signer = message["content"]["signer_infos"][0]
    token = next(a for a in signer["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token")["values"][0]
    (WORK / "token.der").write_bytes(token.dump())
    (WORK / "value").write_bytes(signer["signature"].native)
    words = ["-data", WORK / "value", "-in", WORK / "token.der", "-token_in", "-CAfile", SEALS / "stamps.pem"]
    said = run("openssl", "ts", "-verify", *words, ok=False)
    return said.returncode == 0, said.stdout + said.stderr


def ours(path, *more):
    said = run(BIN / "lianting", "verify", "--json", "--seals", SEALS, *more, path, ok=False)
    report = json.loads(said.stdout.splitlines()[0]) if said.stdout else {"reason": said.stderr}
    expect(f"the exit code of {path.name} says what the report says", (said.returncode == 0) == report.get("verified"), said.stderr)
    return report


def tampered(sealed):
    """name -> (bytes, our reason)"""
    raw = sealed.read_bytes()
    stream = raw.index(b"stream\n") + 40
    start, end = (int(n) for n in re.findall(rb"/ByteRange\[0 (\d+) (\d+) ", raw)[-1])

    def flip(at, by=1):
        return raw[:at] + bytes([raw[at] ^ by]) + raw[at + 1 :]

    value = raw[start + 1 : end - 1].rstrip(b"0")
    other = (WORK / "refusal_notice.sealed.pdf").read_bytes()
    theirs = [int(n) for n in re.findall(rb"/ByteRange\[0 (\d+) (\d+) ", other)[-1]]
    return {
        "a byte of the content": (flip(stream), "content_changed"),
        "a byte behind the signature": (flip(len(raw) - 200), "content_changed"),
        "a line added": (raw + b"% added\n", "changed_after_signing"),
        "the end cut": (raw[:-60], "file_cut"),
        "another paper's signature": (raw[:start] + other[theirs[0] : theirs[1]] + raw[end:], "content_changed"),
        "no signature in its place": (raw[: start + 1] + b"0" * (end - start - 2) + raw[end - 1 :], "signature_malformed"),
        "a digit of the signature": (raw[: start + len(value) - 3] + bytes([raw[start + len(value) - 3] ^ 1]) + raw[start + len(value) - 2 :], None),
        "unsealed": ((WORK / "summons.pdf").read_bytes(), "not_signed"),
        "no paper at all": (b"PK\x03\x04 not a paper", "not_pdf"),
    }


def main():
    tsa = subprocess.Popen([str(BIN / "lianting-sim"), "tsa", "--data", str(WORK / "tsa")], stdout=subprocess.PIPE, text=True)
    try:
        address = json.loads(tsa.stdout.readline())["listening"]
        seal("init", "--province", "山东省")
        seal("issue", "370102", "370103", "--tenants", ROOT / "tenants/shandong")
        seal("trust-stamps", WORK / "tsa/root.pem")
        papers = set_papers()
        for name, at in papers.items():
            plain, stamped = WORK / f"{name}.plain.pdf", WORK / f"{name}.sealed.pdf"
            run(BIN / "lianting", "seal", "--seals", SEALS, "sign", WORK / f"{name}.pdf", plain, "--court", "370102", f"--at={at}")
            words = ["--court", "370102", f"--at={at}", "--tsa", f"http://{address}"]
            run(BIN / "lianting", "seal", "--seals", SEALS, "sign", WORK / f"{name}.pdf", stamped, *words)
            for path, level in [(plain, "B-B"), (stamped, "B-T")]:
                expect(f"{path.name} begins with the paper", path.read_bytes().startswith((WORK / f"{name}.pdf").read_bytes()))
                report = ours(path)
                expect(f"lianting verifies {path.name}", report.get("level") == level and report["verified"], report)
                for foreign, answer in [("pyHanko", pyhanko(path, level == "B-T")), ("pdfsig", pdfsig(path)), ("openssl", openssl(path))]:
                    expect(f"{foreign} verifies {path.name}", answer[0], answer[1])
            answer = openssl_ts(stamped)
            expect(f"openssl ts verifies {stamped.name}", answer[0], answer[1])
        print(f"{len(papers)} papers, twice each: accepted by lianting, pyHanko, pdfsig, OpenSSL")

        folder = WORK / "tampered"
        folder.mkdir()
        cases = tampered(WORK / "summons.sealed.pdf")
        for i, (what, (raw, reason)) in enumerate(cases.items()):
            path = folder / f"{i:02}.pdf"
            path.write_bytes(raw)
            report = ours(path)
            expect(f"{what} is found", not report["verified"] and (reason is None or report["reason"] == reason), report)
            try:
                refused = not pyhanko(path, False)[0]
            except Exception:  # whatever it stumbles over, it does not accept
                refused = True
            expect(f"pyHanko refuses: {what}", refused)
        neighbour = folder / "neighbour.pdf"
        words = ["--court", "370103", f"--at={papers['summons']}"]
        run(BIN / "lianting", "seal", "--seals", SEALS, "sign", WORK / "summons.pdf", neighbour, *words)
        expect("a neighbour's seal is found", ours(neighbour)["reason"] == "other_court")
        late = ours(WORK / "summons.plain.pdf", "--at", "2040-01-01T00:00:00Z")
        expect("an ended certificate is found", late["reason"] == "certificate_expired", late)
        kept = ours(WORK / "summons.sealed.pdf", "--at", "2040-01-01T00:00:00Z")
        expect("a stamp keeps a seal alive", kept["verified"], kept)
        nobody = run(BIN / "lianting", "verify", "--json", WORK / "summons.sealed.pdf", ok=False)
        expect("without a root nothing is believed", nobody.returncode != 0 and "untrusted" in nobody.stdout, nobody.stdout)

        with zipfile.ZipFile(WORK / "bundle.zip", "w") as bundle:
            for name in list(papers)[:5]:
                bundle.write(WORK / f"{name}.sealed.pdf", f"{name}.pdf")
        whole = run(BIN / "lianting", "verify", "--seals", SEALS, WORK / "bundle.zip", ok=False)
        expect("a bundle verifies", whole.returncode == 0 and whole.stdout.count("VERIFIED verified") == 5, whole.stdout)
        mixed = run(BIN / "lianting", "verify", "--seals", SEALS, folder, ok=False)
        expect("a folder with one bad paper fails", mixed.returncode == 1 and "FAILED" in mixed.stdout, mixed.stdout)
        print(f"{len(cases) + 3} tampered or unfit files: each refused")
    finally:
        tsa.terminate()
        tsa.wait()
    sys.exit(1 if failures else 0)


main()

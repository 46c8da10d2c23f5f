//! The review that the program keeps.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::chromium::Browser;

/// `textmend review --web` in a folder of its own.
struct Program {
    child: Child,
    /// With the token.
    address: String,
}

impl Program {
    fn start(folder: &Path, files: &[&str], more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_textmend"))
            .arg("review")
            .args(files)
            .arg("--web")
            .args(more)
            .current_dir(folder)
            .env("TZ", "UTC")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut address = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut address).expect("it prints its address");
        let address = address.trim().to_owned();
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        Self { child, address }
    }

    /// `127.0.0.1:PORT`.
    fn host(&self) -> String {
        let rest = self.address.strip_prefix("http://").expect("an address");
        rest.split('/').next().expect("a host").to_owned()
    }

    /// As a crash, or a machine that loses its power, would.
    fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// What the server answers to a request put together by hand: status and all.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.host()).expect("it listens");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with the example in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/qinghe-daily.txt");
    fs::copy(example, folder.path().join("page.txt")).expect("copied");
    folder
}

/// The decisions on disk.
fn decisions(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("textmend.decisions.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn open(browser: &mut Browser, address: &str) {
    browser.open(address);
    browser.until("chosen() && !document.getElementById('dock').hasAttribute('aria-busy')");
}

fn progress(browser: &mut Browser) -> String {
    browser.text("document.querySelector('#bar .progress span').textContent")
}

/// What progress says where so many are `decided`: the others are what `clean` suggests
/// by the decisions on disk. Text that is cleaned anew may ask for more, or for less.
fn expected_progress(folder: &Path, decided: usize) -> String {
    let cleaned = Command::new(env!("CARGO_BIN_EXE_textmend"))
        .args(["clean", "page.txt", "--decisions", "textmend.decisions.jsonl"])
        .args(["-o", "clean.txt", "--edits", "edits.jsonl"])
        .current_dir(folder)
        .output()
        .expect("it runs");
    assert!(cleaned.status.success(), "{}", String::from_utf8_lossy(&cleaned.stderr));
    let edits = fs::read_to_string(folder.join("edits.jsonl")).expect("written");
    let records = edits.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let suggested = records.filter(|record| record["status"] == "suggested").count();
    format!("{decided} decided, {suggested} to decide")
}

#[test]
fn what_is_decided_is_on_disk_and_stays() {
    let folder = folder();
    let mut program = Program::start(folder.path(), &["page.txt"], &[]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    assert_eq!(browser.text("location.href"), format!("http://{}/", program.host()), "the token is gone");
    assert!(browser.eval("queue(chosen()).length").as_u64().expect("a number") > 3);

    browser.keys("n");
    let id = browser.text("asked.dataset.id");
    browser.keys("a");
    assert_eq!(decisions(folder.path())[0]["id"], json!(id));
    let status = format!("document.querySelector('[data-id={}]').dataset.status", json!(id));
    assert_eq!(browser.text(&status), "applied", "the text was cleaned anew");
    assert_eq!(progress(&mut browser), expected_progress(folder.path(), 1));
    let left = "queue(chosen()).map((entry) => entry.dataset.id)";
    assert!(
        !browser.eval(left).as_array().expect("a list").contains(&json!(id)),
        "it is no longer asked for"
    );

    // All of a rule, and back.
    browser.click("[data-do='reject-all'][data-of='0']");
    let rule = browser.text("document.querySelector('[data-rule=\"0\"].item').dataset.ruleId");
    let last = decisions(folder.path()).pop().expect("a line");
    assert_eq!(
        (&last["scope"], &last["rule"], &last["decision"]),
        (&json!("rule"), &json!(rule), &json!("reject"))
    );
    let statuses = "new Set(all(chosen(), '.item[data-rule=\"0\"]').map((entry) => entry.dataset.status))";
    assert_eq!(browser.eval(&format!("[...{statuses}]")), json!(["rejected"]));
    browser.keys("u");
    assert_eq!(decisions(folder.path()).len(), 1);
    assert_eq!(browser.eval(&format!("{statuses}.has('rejected')")), false);

    // One's own text, and a note.
    browser.keys("ne");
    browser.eval("own.value = '自己的字'");
    browser.click("#dock [type=submit]");
    assert!(browser.text("chosen().querySelector('main').textContent").contains("自己的字"));
    let asked = browser.text("asked.dataset.id");
    browser.click("aside .tick");
    assert_eq!(browser.eval("document.querySelector('aside .tick').checked"), true);
    assert_eq!(browser.text("asked.dataset.id"), asked, "what is asked stays");
    let kept = decisions(folder.path());
    let words: Vec<_> = kept.iter().map(|line| line["decision"].as_str().unwrap_or_default()).collect();
    assert_eq!(words, ["accept", "edit", "done"]);

    browser.eval("window.before = true; location.reload()");
    browser.until("!window.before && chosen() && document.querySelector('aside .tick').checked");
    assert_eq!(progress(&mut browser), expected_progress(folder.path(), 2));

    // Killed in the middle: nothing is lost, and nothing pretends.
    program.kill();
    let before = progress(&mut browser);
    browser.keys("nr");
    assert!(browser.text("document.querySelector('#alert').innerText").contains("does not answer"));
    assert_eq!(progress(&mut browser), before);
    assert_eq!(decisions(folder.path()), kept);
    let program = Program::start(folder.path(), &["page.txt"], &[]);
    open(&mut browser, &program.address);
    assert_eq!(progress(&mut browser), before);
    assert_eq!(browser.eval("document.querySelector('aside .tick').checked"), true);
    assert_eq!(browser.text(&status), "applied");
    let refused = browser.complaints.iter().filter(|told| !told.contains("ERR_CONNECTION_REFUSED"));
    assert_eq!(refused.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_others_decide_is_taken_in_and_what_is_stale_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.txt");
    fs::write(&page, "春天种树,秋天修渠。\n").expect("written");
    let program = Program::start(folder.path(), &["page.txt"], &[]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    let id = browser.text("indexOf(chosen()).order[0].dataset.id");
    let decided = Command::new(env!("CARGO_BIN_EXE_textmend"))
        .args(["review", "page.txt", "--reject", &id])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert!(decided.status.success(), "{decided:?}");
    browser.eval("dispatchEvent(new Event('focus'))");
    browser.eval("turn");
    assert_eq!(browser.text("chosen().querySelector('.clean').textContent"), "春天种树,秋天修渠。\n");
    assert_eq!(progress(&mut browser), "1 decided, none left");

    fs::write(&page, "夏天除草,冬天砍柴。\n").expect("written");
    let program = Program::start(folder.path(), &["page.txt"], &[]);
    open(&mut browser, &program.address);
    assert_eq!(browser.text("document.querySelector('#stale').innerText"), "1 stale");
}

#[test]
fn the_place_is_kept_when_the_text_changes() {
    let folder = folder();
    let example = fs::read_to_string(folder.path().join("page.txt")).expect("copied");
    fs::write(folder.path().join("long.txt"), example.repeat(3)).expect("written");
    let program = Program::start(folder.path(), &["page.txt", "long.txt"], &[]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    browser.click("#documents a[href='#d1']");
    browser.until("chosen().id === 'd1'");
    browser.eval("inTurn(() => turnTo(queue(chosen())[6]))");
    browser.eval("turn");
    let top = "(() => { const [line, top] = topRow(chosen()); return line + ' ' + Math.round(top); })()";
    let place = browser.text(top);
    assert_ne!(browser.eval("scrollY"), 0);
    // Decides without going on.
    browser.eval("inTurn(() => decide('reject', {}, queue(chosen())[0]))");
    browser.eval("turn");
    assert_eq!(browser.text(top), place);
    assert_eq!(
        browser.text("document.querySelector('#documents a[aria-current] .left').textContent"),
        browser.eval("queue(chosen()).length").to_string()
    );
}

#[test]
fn nobody_else_is_let_in() {
    let folder = folder();
    let program = Program::start(folder.path(), &["page.txt"], &[]);
    let host = program.host();
    let token = program.address.rsplit('=').next().expect("a token").to_owned();
    let get = |path: &str, head: &str| {
        program.ask(&format!("GET {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n"))
    };
    let forbidden = |answer: String| assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    forbidden(get("/", &format!("Host: {host}\r\n")));
    forbidden(get("/?token=0123", &format!("Host: {host}\r\n")));
    forbidden(get(&format!("/?token={token}"), "Host: evil.example\r\n"));
    forbidden(get(&format!("/?token={token}"), &format!("Host: {host}\r\nOrigin: http://evil.example\r\n")));
    forbidden(get("/api/documents", &format!("Host: {host}\r\nCookie: textmend={token}\r\n")));

    // The token is good once, and gives a cookie.
    let answer = get(&format!("/?token={token}"), &format!("Host: {host}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair");
    forbidden(get(&format!("/?token={token}"), &format!("Host: {host}\r\n")));
    let page = get("/", &format!("Host: {host}\r\nCookie: {cookie}\r\n"));
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for header in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
    ] {
        assert!(page.contains(header), "{header}\n{page}");
    }
    assert!(!page.to_lowercase().contains("access-control-allow"));

    // With the cookie, but not from our own page.
    let post = |head: &str| {
        program.ask(&format!("POST /api/undo HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{head}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}"))
    };
    let json = "Content-Type: application/json\r\n";
    forbidden(post(json));
    forbidden(post(&format!("{json}Origin: http://evil.example\r\n")));
    forbidden(post(&format!("{json}Origin: null\r\n")));
    let own = format!("Origin: http://{host}\r\n");
    assert!(post(&format!("{own}Content-Type: text/plain\r\n")).starts_with("HTTP/1.1 415"));
    assert!(post(&format!("{own}{json}")).starts_with("HTTP/1.1 200"));
    forbidden(get("/api/documents", &format!("Host: localhost.evil.example\r\nCookie: {cookie}\r\n")));
}

#[test]
fn nothing_in_a_document_becomes_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let evil = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let name = "\"><img src=x onerror=alert(1)>.txt";
    fs::write(folder.path().join(name), format!("{evil}春天种树,秋天修渠。\n{evil}\n")).expect("written");
    let rules = folder.path().join("rules/width");
    fs::create_dir_all(&rules).expect("made");
    let rule = r#"summary = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>"
why = "<script>alert(1)</script>"
confidence = "doubtful"
pattern = '渠(?<edit>。)'
replace = "<img src=x onerror=alert(1)>"
[[fix]]
in = "修渠。"
out = "修渠<img src=x onerror=alert(1)>"
[[keep]]
text = "修渠"
because = "no stop"
"#;
    fs::write(rules.join("evil-stop.toml"), rule).expect("written");
    let program = Program::start(folder.path(), &[name], &["--rules", "rules"]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    browser.keys("na");
    assert_eq!(
        browser.eval("document.querySelector('.item[data-decision]').dataset.ruleId"),
        "width/evil-stop"
    );
    assert_eq!(browser.eval("document.querySelectorAll('img, #sections script').length"), 0);
    assert_eq!(browser.text("chosen().dataset.path"), name);
    assert!(
        browser.text("chosen().querySelector('.clean').textContent").contains("<img src=x onerror=alert(1)>")
    );
    assert_eq!(browser.complaints, [""; 0], "nothing ran, and nothing was tried");
}

#[test]
fn ten_thousand_repairs_are_reviewed() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "好,走吧。今天天气很好，我们一起到河边去看看吧。\n".repeat(10_000);
    fs::write(folder.path().join("long.txt"), source).expect("written");
    let program = Program::start(folder.path(), &["long.txt"], &[]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    browser.click("[name=which][value=all]");
    browser.keys("nnr");
    assert_eq!(progress(&mut browser), "1 decided, none left");
    browser.keys("R");
    assert_eq!(progress(&mut browser), "10000 decided, none left");
    browser.keys("u");
    assert_eq!(progress(&mut browser), "1 decided, none left");
    assert_eq!(decisions(folder.path()).len(), 1);
    assert_eq!(browser.complaints, [""; 0]);
}

#[test]
fn ctrl_c_ends_it_cleanly() {
    let folder = folder();
    let mut program = Program::start(folder.path(), &["page.txt"], &[]);
    let mut browser = Browser::start();
    open(&mut browser, &program.address);
    let pid = program.child.id().to_string();
    assert!(Command::new("sh").args(["-c", "kill -INT \"$0\"", &pid]).status().expect("a shell").success());
    assert!(program.child.wait().expect("it ends").success());
}

/// Makes the pictures of the README; `tools/pictures.sh` runs it.
#[test]
#[ignore = "writes files of the repository"]
fn pictures() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::create_dir_all(&docs).expect("made");
    for scheme in ["light", "dark"] {
        let folder = folder();
        fs::rename(folder.path().join("page.txt"), folder.path().join("qinghe-daily.txt")).expect("renamed");
        let program = Program::start(folder.path(), &["qinghe-daily.txt"], &[]);
        let mut browser = Browser::start();
        let size = json!({"width": 1240, "height": 720, "deviceScaleFactor": 1, "mobile": false});
        browser.call("Emulation.setDeviceMetricsOverride", size);
        let still = json!({"name": "prefers-reduced-motion", "value": "reduce"});
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}, still]});
        browser.call("Emulation.setEmulatedMedia", features);
        open(&mut browser, &program.address);
        browser.keys("na");
        let format = json!({"format": "webp", "quality": 85});
        let shot = browser.call("Page.captureScreenshot", format);
        let shot =
            base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().expect("a picture"));
        fs::write(docs.join(format!("review-web-{scheme}.webp")), shot.expect("base64")).expect("written");
    }
}

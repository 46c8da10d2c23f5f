//! A headless Chromium, driven over the DevTools protocol: messages of JSON,
//! each ended by a zero byte, through a pair of pipes. That is so little that
//! no library is worth its time to compile.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one tab.
pub(crate) struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// The session of the tab; empty for the browser as a whole.
    tab: String,
    sent: u64,
    /// What the page complained of: exceptions, and what the policy refused.
    pub(crate) complaints: Vec<String>,
    profile: TempDir,
}

impl Browser {
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#])
            .arg(program())
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-pipe", "--window-size=1400,900"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|len| len > 0) {
                message.pop();
                let read = serde_json::from_slice(&message).expect("the browser speaks JSON");
                message.clear();
                if sender.send(read).is_err() {
                    break;
                }
            }
        });
        let (tab, complaints) = (String::new(), Vec::new());
        let mut browser = Self { child, input, messages, tab, sent: 0, complaints, profile };
        browser.attach();
        browser
    }

    fn attach(&mut self) {
        let targets = self.call("Target.getTargets", json!({}));
        let pages = targets["targetInfos"].as_array().expect("a list");
        let page = pages.iter().find(|one| one["type"] == "page").expect("a tab is open");
        let target = json!({"targetId": page["targetId"], "flatten": true});
        let attached = self.call("Target.attachToTarget", target);
        attached["sessionId"].as_str().expect("a name").clone_into(&mut self.tab);
        for domain in ["Page", "Runtime", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// What the browser answers.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same, or why it can't.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if !self.tab.is_empty() {
            message["sessionId"] = self.tab.clone().into();
        }
        write!(self.input, "{message}\0").expect("the browser runs");
        loop {
            let mut answer = self.messages.recv_timeout(PATIENCE).expect("the browser answers");
            match answer["method"].as_str() {
                Some("Runtime.exceptionThrown" | "Log.entryAdded" | "Page.javascriptDialogOpening") => {
                    self.complaints.push(answer["params"].to_string());
                }
                Some(_) => {}
                None if answer["id"] == self.sent => {
                    let error = answer["error"].take();
                    return if error.is_null() { Ok(answer["result"].take()) } else { Err(error) };
                }
                None => {}
            }
        }
    }

    pub(crate) fn open(&mut self, address: &str) {
        self.call("Page.navigate", json!({"url": address}));
        self.until("document.readyState === 'complete'");
    }

    pub(crate) fn open_file(&mut self, path: &Path) {
        self.open(&format!("file://{}", path.display()));
    }

    /// What `script`, an expression, comes to; promises are waited for.
    pub(crate) fn eval(&mut self, script: &str) -> Value {
        let mut answer = self.call("Runtime.evaluate", asked(script));
        assert!(answer["exceptionDetails"].is_null(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// The same, as text.
    pub(crate) fn text(&mut self, script: &str) -> String {
        self.eval(script).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until `script` comes to something true.
    pub(crate) fn until(&mut self, script: &str) {
        let start = Instant::now();
        let wanted = format!("(() => {{ try {{ return Boolean({script}); }} catch {{ return false; }} }})()");
        while !self.holds(&wanted) {
            let page =
                if start.elapsed() > PATIENCE { self.text("document.body.innerText") } else { String::new() };
            assert!(start.elapsed() < PATIENCE, "never came: {script}\n{page}\n{:?}", self.complaints);
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Whether `script` comes to true; it does not in a page that is being left.
    fn holds(&mut self, script: &str) -> bool {
        match self.ask("Runtime.evaluate", asked(script)) {
            Ok(answer) => answer["result"]["value"] == true,
            Err(error) if error["message"] == "Inspected target navigated or closed" => false,
            Err(error) => panic!("{script}: {error}"),
        }
    }

    /// Presses keys, one after the other.
    pub(crate) fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            let (key, text) = if key == '\n' {
                ("Enter".to_owned(), "\r".to_owned())
            } else {
                (key.to_string(), key.to_string())
            };
            self.call("Input.dispatchKeyEvent", json!({"type": "keyDown", "key": key, "text": text}));
            self.call("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key}));
        }
        // What they ask for is done in turn.
        self.eval("turn");
    }

    /// Clicks on what `selector` finds first.
    pub(crate) fn click(&mut self, selector: &str) {
        let selector = Value::from(selector);
        self.eval(&format!("document.querySelector({selector}).click()"));
        self.eval("turn");
    }

    /// A folder for this browser alone.
    pub(crate) fn folder(&self) -> &Path {
        self.profile.path()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The browser, or a failure that says what is missing.
fn program() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|file| file.is_file())
        .expect("no Chromium on the PATH: these tests need it (Debian: apt-get install chromium)")
}

/// What `Runtime.evaluate` is asked for.
fn asked(script: &str) -> Value {
    json!({"expression": script, "awaitPromise": true, "returnByValue": true})
}

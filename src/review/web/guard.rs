//! Who is let in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::report::html::policy;

/// What a browser has to show.
pub(super) struct Keys {
    port: u16,
    /// Exchanged for the cookie, once.
    token: String,
    is_spent: AtomicBool,
    cookie: String,
}

/// Headers of every answer.
const HEADERS: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

impl Keys {
    pub(super) fn new(port: u16) -> Self {
        Self { port, token: secret(), is_spent: AtomicBool::new(false), cookie: secret() }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// What the cookie is called: those of one host are shared by its ports.
    fn name(&self) -> String {
        format!("textmend-{}", self.port)
    }

    /// Whether `host` is what this server is called. A page of another site
    /// whose name was made to lead here can't be told by anything else.
    fn is_here(&self, host: &str) -> bool {
        let port = format!(":{}", self.port);
        let name = host.strip_suffix(&port).or((self.port == 80).then_some(host));
        matches!(name, Some("127.0.0.1" | "localhost"))
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let name = self.name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(key, value)| key == name && same(value, &self.cookie))
    }

    /// Takes the token, if that is what `uri` brings; it is taken once.
    fn takes(&self, uri: &Uri) -> bool {
        let token = uri.query().and_then(|query| query.strip_prefix("token="));
        token.is_some_and(|token| same(token, &self.token)) && !self.is_spent.swap(true, Ordering::SeqCst)
    }

    /// Why a request is not let in.
    fn refuse(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        let one = |name| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
        };
        let Some(host) = one(header::HOST).filter(|host| self.is_here(host)) else {
            return Some("this is not the name of this server");
        };
        let own = format!("http://{host}");
        let is_own = match one(header::ORIGIN) {
            Some(origin) => origin == own,
            // Browsers send it with all that changes anything.
            None => !headers.contains_key(header::ORIGIN) && *method == Method::GET,
        };
        (!is_own).then_some("this came from another page")
    }
}

/// Lets a request in, or answers it with 403.
pub(super) async fn admit(State(keys): State<Arc<Keys>>, request: Request, next: Next) -> Response {
    let mut response = answer(&keys, request, next).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = format!("{}; frame-ancestors 'none'", policy(true));
    let policy = HeaderValue::from_str(&policy).expect("a policy is made of ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

async fn answer(keys: &Keys, request: Request, next: Next) -> Response {
    if let Some(problem) = keys.refuse(request.method(), request.headers()) {
        return (StatusCode::FORBIDDEN, problem).into_response();
    }
    let is_known = keys.is_known(request.headers());
    let brings = request.uri().path() == "/" && request.uri().query().is_some();
    if brings && (is_known || keys.takes(request.uri())) {
        // The token leaves the address bar, and the history with it.
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", keys.name(), keys.cookie);
        let to = [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)];
        return (StatusCode::SEE_OTHER, to).into_response();
    }
    if !is_known {
        let told = "Not let in: the address that textmend printed can be opened once, in one browser. Start `textmend review --web` again for a new one.";
        return (StatusCode::FORBIDDEN, told).into_response();
    }
    next.run(request).await
}

/// Whether two texts are the same, in a time that tells nothing of where they
/// differ.
fn same(a: &str, b: &str) -> bool {
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

/// 256 bits that nobody can guess, hexadecimal.
fn secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("without random numbers nothing is safe");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, value.parse().expect("a header"));
        }
        map
    }

    #[test]
    fn only_this_server_s_own_page_is_let_in() {
        let keys = Keys::new(8123);
        let refused =
            |method: &Method, pairs: &[(&'static str, &str)]| keys.refuse(method, &headers(pairs)).is_some();
        let (get, post) = (Method::GET, Method::POST);
        assert!(!refused(&get, &[("host", "127.0.0.1:8123")]));
        assert!(!refused(&post, &[("host", "localhost:8123"), ("origin", "http://localhost:8123")]));
        for host in ["evil.example:8123", "127.0.0.1:8124", "127.0.0.1", "127.0.0.1:8123.evil.example", ""] {
            assert!(refused(&get, &[("host", host)]), "{host}");
        }
        assert!(refused(&get, &[]));
        assert!(refused(&get, &[("host", "127.0.0.1:8123"), ("host", "evil.example")]));
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8123", "http://localhost:8123"] {
            assert!(refused(&post, &[("host", "127.0.0.1:8123"), ("origin", origin)]), "{origin}");
        }
        assert!(refused(&post, &[("host", "127.0.0.1:8123")]), "a post says where it comes from");
    }

    #[test]
    fn the_token_is_good_once() {
        let keys = Keys::new(8123);
        let uri = |token: &str| format!("/?token={token}").parse::<Uri>().expect("an address");
        assert!(
            !keys.takes(&uri("")) && !keys.takes(&uri("0")) && !keys.takes(&"/".parse().expect("an address"))
        );
        assert!(keys.takes(&uri(keys.token())));
        assert!(!keys.takes(&uri(keys.token())));
        let with = |value: String| headers(&[("cookie", &value)]);
        assert!(keys.is_known(&with(format!("a=b; {}={}", keys.name(), keys.cookie))));
        assert!(!keys.is_known(&with(format!("{}={}", keys.name(), keys.token()))));
        assert_ne!(secret(), secret());
    }
}

//! Speed a core on folders of pages: textmend, all stages, clean text and edit
//! records written; the crate `autocorrect`, a line at a time; and LIMIT, which
//! checks that the text is UTF-8 and runs one pattern of 20 Han alternatives
//! over it. The three take turns, and only the time they compute is counted (by
//! `/proc`, where there is one), so that what else the machine does hardly
//! matters; the medians are compared.
//!
//! usage: speed ROUNDS FOLDER…

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;
use std::{env, fs, io};

use textmend::report::records::DocumentRecords;
use textmend::{Config, Textmend};

/// Words of the news, none of them rare.
const LIMIT: &str =
    "中国|经济|发展|人民|国家|社会|工作|问题|建设|政府|企业|市场|技术|世界|国际|改革|生产|文化|教育|历史";

type Run<'a> = (&'a str, Box<dyn FnMut(&[u8]) + 'a>);

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let rounds: usize =
        arguments.next().and_then(|rounds| rounds.parse().ok()).expect("usage: speed ROUNDS FOLDER…");
    let textmend = Textmend::new(Config::default()).expect("the shipped rules are whole");
    let pattern = regex::Regex::new(LIMIT).expect("a fixed pattern");
    for folder in arguments {
        let pages = pages(Path::new(&folder))?;
        let mut out = io::BufWriter::new(tempfile(&folder)?);
        let mut runs: [Run<'_>; 3] = [
            ("textmend", Box::new(|page| clean(&textmend, page, &mut out))),
            ("autocorrect", Box::new(format_lines)),
            ("LIMIT", Box::new(|page| limit(&pattern, page))),
        ];
        tell(&folder, &pages, rounds, &mut runs);
    }
    Ok(())
}

fn pages(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// Where the results go: the disk counts too.
fn tempfile(folder: &str) -> io::Result<fs::File> {
    fs::File::create(Path::new(folder).with_extension("out"))
}

fn clean(textmend: &Textmend, page: &[u8], out: &mut impl io::Write) {
    let cleaned = textmend.clean(page);
    out.write_all(cleaned.text.as_bytes()).expect("there is room");
    DocumentRecords::new("page", page, &cleaned).write(out).expect("there is room");
}

fn format_lines(page: &[u8]) {
    let text = String::from_utf8_lossy(page);
    for line in text.lines() {
        black_box(autocorrect::format(line));
    }
}

fn limit(pattern: &regex::Regex, page: &[u8]) {
    if let Ok(text) = simdutf8::basic::from_utf8(page) {
        black_box(pattern.find_iter(text).count());
    }
}

/// Seconds that this process, which has one thread, has computed; those that
/// have passed since it was made where the system does not tell.
struct Clock(Instant);

impl Clock {
    fn seconds(&self) -> f64 {
        let told = fs::read_to_string("/proc/self/schedstat").ok();
        let computed = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
        computed.map_or_else(|| self.0.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
    }
}

fn tell(folder: &str, pages: &[Vec<u8>], rounds: usize, runs: &mut [Run<'_>]) {
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let mut speeds = vec![Vec::new(); runs.len()];
    let clock = Clock(Instant::now());
    for round in 0..=rounds {
        for ((_, run), speeds) in runs.iter_mut().zip(&mut speeds) {
            let start = clock.seconds();
            pages.iter().for_each(|page| run(page));
            // The first round loads models and builds automata.
            if round > 0 {
                speeds.push(bytes as f64 / (clock.seconds() - start) / 1e6);
            }
        }
    }
    let medians: Vec<f64> = speeds
        .into_iter()
        .map(|mut speeds| {
            speeds.sort_by(f64::total_cmp);
            speeds[speeds.len() / 2]
        })
        .collect();
    println!("{folder}: {} pages, {:.1} MB", pages.len(), bytes as f64 / 1e6);
    for ((name, _), speed) in runs.iter().zip(&medians) {
        println!("  {name:12} {speed:8.1} MB/s");
    }
    println!(
        "  textmend is {:.2} × autocorrect, {:.3} × LIMIT",
        medians[0] / medians[1],
        medians[0] / medians[2]
    );
    io::stdout().flush().expect("there is a reader");
}

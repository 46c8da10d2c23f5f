//! What cleaning costs on one core: `cargo bench`. Pages of this repository are
//! small; `tools/speed.sh` measures on an archive, and against other programs.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use textmend::{Config, Textmend};

/// Pages, and what is wrong with them.
const PAGES: [(&str, &str); 3] = [
    ("undamaged", include_str!("../examples/qinghe-daily.gold.txt")),
    ("damaged", include_str!("../examples/qinghe-daily.txt")),
    ("hard-wrapped", include_str!("../examples/bohai-pdf.txt")),
];

fn clean(criterion: &mut Criterion) {
    let textmend = Textmend::new(Config::default()).expect("the shipped rules are good");
    let mut group = criterion.benchmark_group("clean");
    for (name, page) in PAGES {
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| textmend.clean(black_box(page))));
    }
    group.finish();
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("start", |bencher| bencher.iter(|| Textmend::new(black_box(Config::default()))));
}

criterion_group!(benches, clean, start);
criterion_main!(benches);
